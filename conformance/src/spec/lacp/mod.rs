//! LACP: IEEE 802.3ad, 802.1AX-2008, -2014 and -2020.

pub mod catalogue;
pub mod clauses;
pub mod functions;
pub mod machines;
pub mod requirements;
pub mod settings;
pub mod timers;
pub mod tolerances;
pub mod variables;

use super::machine::RowName;
use super::{Editions, Protocol};

/// LACP.
pub const PROTOCOL: Protocol = Protocol {
    name: "lacp",
    editions: Editions::DOT1AX,
    requirements: requirements::ALL,
    settings: settings::ALL,
    accounts: settings::ACCOUNTS,
    rows,
};

fn rows() -> Vec<RowName> {
    let named = |id, text: String, editions| RowName { id, text, editions };
    let definitions = functions::DEFINITIONS.iter().map(|row| {
        let when: Vec<String> = row.when.iter().map(ToString::to_string).collect();
        named(row.id, format!("{:?} when {}", row.condition, when.join(" and ")), row.editions)
    });
    let procedures =
        functions::PROCEDURES.iter().map(|row| named(row.id, format!("{:?}", row.action), row.editions));
    let fields = functions::FIELD_LISTS
        .iter()
        .map(|row| named(row.id, format!("fields {:?}", row.fields), Editions::DOT1AX));
    let selection =
        functions::SELECTION.iter().map(|row| named(row.id, row.text.to_owned(), Editions::DOT1AX));
    let reception =
        functions::RECEPTION.iter().map(|row| named(row.id, row.text.to_owned(), Editions::DOT1AX));
    let machines = [
        machines::RECEIVE.names(),
        machines::PERIODIC.names(),
        machines::TRANSMIT.names(),
        machines::TRANSMIT_2020.names(),
        machines::MUX.names(),
        machines::MUX_2020.names(),
        machines::ACTOR_CHURN.names(),
        machines::PARTNER_CHURN.names(),
        machines::FALLBACK.names(),
    ]
    .concat();
    machines
        .into_iter()
        .chain(definitions)
        .chain(procedures)
        .chain(fields)
        .chain(selection)
        .chain(reception)
        .collect()
}
