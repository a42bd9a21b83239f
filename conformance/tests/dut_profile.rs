//! Profiles of devices: what is in them, what is said of mistakes, and the JSON Schema that goes with them.

use std::path::Path;

use pretty_assertions::assert_eq;
use redspec::lab::profile::hooks::{By, LOG_FAIL, Ready};
use redspec::lab::profile::{Kind, Namespace, Profile, TEMPLATE};
use serde_json::Value;

const HEAD: &str =
    "schema = \"redspec.dut/1\"\nname = \"x\"\nedition = \"802.1ax-2014\"\nprotocols = [\"lacp\"]\n";
const PORT: &str = "[[port]]\nkind = \"tap\"\ninterface = \"t1\"\n";

fn parse(text: &str) -> Result<Profile, String> {
    Profile::parse(Path::new("lab/x.toml"), text).map_err(|error| error.to_string())
}

/// A profile of one port, with this behind it, from line 8 on.
fn with(rest: &str) -> Result<Profile, String> {
    parse(&format!("{HEAD}{PORT}{rest}"))
}

#[track_caller]
fn wrong(text: &str, expected: &str) {
    let error = parse(text).expect_err("a mistake");
    let place = error.strip_prefix("lab/x.toml, ").unwrap_or_else(|| panic!("no file in {error:?}"));
    assert_eq!(place, expected);
}

#[track_caller]
fn wrong_with(rest: &str, expected: &str) {
    wrong(&format!("{HEAD}{PORT}{rest}"), expected);
}

fn examples() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/examples");
    let mut examples: Vec<(String, String)> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .map(|path| (path.display().to_string(), std::fs::read_to_string(&path).expect("text")))
        .collect();
    examples.sort();
    assert!(!examples.is_empty());
    examples
}

#[test]
fn everything_that_can_be_said() {
    let text = r#"
schema = "redspec.dut/1"
name = "device 1"
edition = "2020"
protocols = ["lacp", "marker", "lacp"]
device_namespace = "dut"
waivers = ["known.toml"]
[settings]
"lacp.key" = 1
"lacp.key.p2" = 2
lacp.timeout = "short"
lacp.partner.activity = "active"
marker.responder = true
lacp.wait_to_restore = 0.5
[tolerance]
exact = true
[[port]]
kind = "tap"
interface = "t1"
[[port]]
kind = "veth"
interface = "v2"
namespace = "tester"
device_interface = "eth1"
[data]
kind = "iface"
interface = "d0"
[hooks]
start = { run = ["./dev", "{setting:lacp.timeout}", "{{}}"], stays = true, limit = 3 }
ready = { log = "ready", limit = 0.5 }
stop = ["./stop"]
link_up = { prompt = "Connect {interface}" }
link_down = { prompt = "Disconnect {interface}", limit = 60 }
configure.lacp.key = ["./set", "{port}", "{value}"]
configure."lacp.timeout" = { run = ["./set", "{value}"], limit = 1 }
state."lacp.aggregator" = ["./get", "{port}"]
logs = ["{work}/log"]
log_fail = ["oops"]
"#;
    let profile = parse(text).unwrap();
    assert_eq!(profile.edition.name(), "802.1ax-2020");
    assert_eq!(profile.protocols, ["lacp", "marker"]);
    assert_eq!(profile.device_namespace, Some(Namespace::Named("dut".to_owned())));
    assert_eq!(profile.waivers, [Path::new("lab/known.toml")]);
    assert!(profile.exact && !profile.several());
    let settings: Vec<(&str, &str)> = profile.settings.iter().collect();
    assert_eq!(
        settings,
        [
            ("lacp.key", "1"),
            ("lacp.key.p2", "2"),
            ("lacp.partner.activity", "active"),
            ("lacp.timeout", "short"),
            ("lacp.wait_to_restore", "0.5"),
            ("marker.responder", "yes"),
        ]
    );
    let kinds: Vec<Kind> = profile.attachments().map(|link| link.kind).collect();
    assert_eq!(kinds, [Kind::Tap, Kind::Veth, Kind::Interface]);
    assert_eq!(profile.ports[1].device_interface(), "eth1");
    assert_eq!(profile.ports[1].line, 20);
    let hooks = &profile.hooks;
    let start = hooks.start.as_ref().unwrap();
    assert!(start.stays && matches!(&start.action.by, By::Program(words) if words.len() == 3));
    assert_eq!(start.action.limit.as_secs(), 3);
    assert!(
        matches!(hooks.ready, Some(Ready::Log { ref text, limit }) if text == "ready" && limit.as_millis() == 500)
    );
    assert_eq!(hooks.given_at_start().collect::<Vec<_>>(), ["lacp.timeout"]);
    assert_eq!(hooks.configure.keys().collect::<Vec<_>>(), ["lacp.key", "lacp.timeout"]);
    assert!(hooks.configure["lacp.key"].is_of_port() && !hooks.configure["lacp.timeout"].is_of_port());
    assert_eq!(hooks.log_fail, ["oops"]);
}

#[test]
fn what_is_not_said_has_a_default() {
    let profile = with("").unwrap();
    assert!(!profile.exact && profile.device_namespace.is_none() && profile.data.is_none());
    assert_eq!(profile.hooks.actions().count(), 0);
    assert_eq!(profile.hooks.log_fail, LOG_FAIL);
    assert!(with("[hooks]\nlog_fail = []\n").unwrap().hooks.log_fail.is_empty());
}

#[test]
fn mistakes_of_toml() {
    wrong("", "line 1, column 1: there is no schema, expected schema = \"redspec.dut/1\"");
    wrong(
        "schema = \"redspec.dut/2\"\nnonsense = 1\n",
        "line 1, column 10: schema is \"redspec.dut/2\", expected \"redspec.dut/1\"",
    );
    wrong("schema = 1\n", "line 1, column 10: invalid type: integer `1`, expected a string");
    wrong(
        &format!("{HEAD}{PORT}namespace = \n"),
        "line 8, column 13: string values must be quoted, expected literal string",
    );
    wrong(&format!("{HEAD}name = \"y\"\n"), "line 5, column 1: duplicate key");
    wrong(&HEAD.replace("name = \"x\"\n", ""), "line 1, column 1: missing field `name`");
}

#[test]
fn mistakes_of_keys_and_types() {
    let expected = "expected one of `schema`, `name`, `edition`, `protocols`, `device_namespace`, `waivers`, \
                    `settings`, `tolerance`, `port`, `data`, `hooks`";
    wrong(
        &format!("{HEAD}protocol = \"lacp\"\n{PORT}"),
        &format!("line 5, column 1: unknown field `protocol`, {expected}"),
    );
    wrong_with(
        "speed = 10\n",
        "line 8, column 1: unknown field `speed`, expected one of `kind`, `interface`, `namespace`, `device_interface`",
    );
    wrong_with(
        "[tolerance]\nexact = \"yes\"\n",
        "line 9, column 9: invalid type: string \"yes\", expected a boolean",
    );
    wrong_with("[tolerance]\nexakt = true\n", "line 9, column 1: unknown field `exakt`, expected `exact`");
    wrong(
        &HEAD.replace("[\"lacp\"]", "\"lacp\""),
        "line 4, column 13: invalid type: string \"lacp\", expected a sequence",
    );
    wrong_with("[[port]]\nkind = \"tap\"\n", "line 8, column 1: missing field `interface`");
}

#[test]
fn mistakes_of_what_the_device_is() {
    wrong(
        &HEAD.replace("802.1ax-2014", "802.1ax-2013"),
        "line 3, column 11: unknown edition \"802.1ax-2013\", expected one of 802.1ax-2008, 802.1ax-2014, \
         802.1ax-2020, rfc2338, rfc3768, rfc5798, rfc9568, rfc2281, cisco-hsrp1, cisco-hsrp2, cisco-glbp",
    );
    let lacp = "expected lacp, marker, vrrp2, vrrp3, hsrp1, hsrp2";
    let protocols = |text: &str| format!("{}{PORT}", HEAD.replace("[\"lacp\"]", text));
    wrong(&protocols("[\"LACP\"]"), &format!("line 4, column 14: there is no protocol \"LACP\", {lacp}"));
    wrong(
        &protocols("[]"),
        "line 4, column 13: the device plays nothing, expected some of lacp, marker, vrrp2, vrrp3, hsrp1, hsrp2",
    );
    wrong(
        &protocols("[\"lacp\", \"vrrp3\"]"),
        "line 4, column 22: 802.1ax-2014 is no edition of vrrp3, expected edition to be one of rfc5798, rfc9568, and \
         another profile for other protocols",
    );
    wrong(
        &format!("{}{PORT}", HEAD.replace("\"x\"", "\" \"")),
        "line 2, column 8: the text is empty, expected one with something in it",
    );
}

#[test]
fn mistakes_of_links() {
    wrong(
        HEAD,
        "line 2, column 8: the device has no port, expected at least one table that begins with [[port]]",
    );
    let twice = "line 10, column 13: the interface t1 is there already, in line 5, expected another one";
    wrong_with("[[port]]\nkind = \"tap\"\ninterface = \"t1\"\n", twice);
    wrong_with("[data]\nkind = \"tap\"\ninterface = \"t1\"\n", twice);
    assert!(with("[data]\nkind = \"iface\"\ninterface = \"t1\"\nnamespace = \"n\"\n").is_ok());
    wrong_with(
        "[[port]]\nkind = \"bridge\"\ninterface = \"b\"\n",
        "line 9, column 8: kind is \"bridge\", expected one of tap, veth, iface",
    );
    wrong_with(
        "[data]\nkind = \"tap\"\ninterface = \"much-too-long-a-name\"\n",
        "line 10, column 13: \"much-too-long-a-name\" is no interface, expected a name of 1 to 15 octets without / \
         and space",
    );
    wrong_with(
        "namespace = \"n\"\n",
        "line 8, column 13: a TAP is the device's, expected device_namespace at the top of the profile instead",
    );
    wrong(
        &format!("{HEAD}device_namespace = \"dut-{{instance}}\"\n{PORT}"),
        "line 5, column 20: \"dut-{instance}\" is no network namespace, expected a name that ip netns lists, or for \
         the device's own \"{instance}\"",
    );
    wrong(
        &format!("{HEAD}device_namespace = \"{{instance}}\"\n[[port]]\nkind = \"veth\"\ninterface = \"v\"\n"),
        "line 8, column 13: the interface v is there once, and the namespace {instance} is made for each device, \
         expected kind = \"tap\"",
    );
    let many: Vec<String> =
        (1..=65).map(|n| format!("[[port]]\nkind = \"tap\"\ninterface = \"t{n}\"\n")).collect();
    let many = many.concat();
    wrong(&format!("{HEAD}{many}"), "line 199, column 13: expected at most 64 ports");
}

#[test]
fn mistakes_of_settings() {
    for (line, expected) in [
        (
            "\"lacp.tiemout\" = \"short\"",
            "column 1: there is no setting lacp.tiemout, did you mean lacp.timeout?",
        ),
        (
            "lacp.tiemout = \"short\"",
            "column 6: there is no setting lacp.tiemout, did you mean lacp.timeout?",
        ),
        ("\"lacp.timeout\" = \"fast\"", "column 18: lacp.timeout is \"fast\", expected one of long, short"),
        ("\"lacp.key\" = 70000", "column 14: lacp.key is \"70000\", expected a number from 0 to 65535"),
        ("\"lacp.key\" = -1", "column 14: lacp.key is \"-1\", expected a number from 0 to 65535"),
        (
            "\"lacp.system\" = \"02:00\"",
            "column 17: lacp.system is \"02:00\", expected a MAC address such as 02:00:00:00:00:01",
        ),
        ("\"marker.responder\" = 1", "column 22: marker.responder is \"1\", expected one of no, yes"),
        (
            "\"lacp.key.p2\" = 1",
            "column 1: lacp.key.p2 is of port 2, and the device has 1, expected a port that it has",
        ),
        (
            "\"lacp.system.p1\" = \"02:00:00:00:00:01\"",
            "column 1: lacp.system is of the whole device, expected it without a port",
        ),
        ("\"lacp.key\" = [1]", "column 14: invalid type: sequence, expected a text, a number, true or false"),
    ] {
        wrong_with(&format!("[settings]\n{line}\n"), &format!("line 9, {expected}"));
    }
    let twice = "line 10, column 1: lacp.key is there twice, expected it once";
    wrong_with("[settings]\nlacp.key = 1\n\"lacp.key\" = 1\n", twice);
}

#[test]
#[allow(clippy::too_many_lines)] // a table
fn mistakes_of_hooks() {
    let hook =
        "expected an array of words such as [\"ip\", \"link\", \"show\"], or a table with run or prompt";
    let device = "expected one of {work}, {instance}, {setting:NAME}, {env:NAME}, or {{ for a brace";
    for (line, expected) in [
        ("stop = \"x\"", format!("column 8: {hook}")),
        ("stop = []", "column 8: there is no program, expected one and its arguments".to_owned()),
        ("stop = [\"x\", 1]", "column 14: invalid type: integer `1`, expected a string".to_owned()),
        ("stop = {}", "column 8: the table is empty, expected run, prompt or limit".to_owned()),
        ("stop = { limit = 1 }", format!("column 8: it does nothing, {hook}")),
        (
            "stop = { run = [\"x\"], limt = 3 }",
            "column 23: unknown key limt, expected run, prompt or limit".to_owned(),
        ),
        (
            "stop = { run = [\"x\"], stays = true }",
            "column 31: there is no stays here, expected run, prompt or limit".to_owned(),
        ),
        (
            "stop = { run = [\"x\"], prompt = \"y\" }",
            "column 32: there are both run and prompt, expected one of them".to_owned(),
        ),
        (
            "stop = { run = [\"x\"], limit = 0 }",
            "column 31: 0 is no time, expected seconds from 0 to 86400".to_owned(),
        ),
        ("stop = [\"x\", \"{prot}\"]", format!("column 14: there is no placeholder {{prot}} here, {device}")),
        ("stop = [\"x\", \"{port}\"]", format!("column 14: there is no placeholder {{port}} here, {device}")),
        ("stop = [\"x\", \"{port\"]", format!("column 14: \"{{port\" has a brace without its other half, {device}")),
        (
            "stop = [\"x\", \"{setting:lacp.tiemout}\"]",
            "column 14: there is no setting lacp.tiemout, did you mean lacp.timeout?".to_owned(),
        ),
        (
            "stop = [\"x\", \"{setting:lacp.timeout}\"]",
            "column 14: it takes lacp.timeout, of which [settings] says nothing, expected the value that it has where a \
             test does not say"
                .to_owned(),
        ),
        (
            "start = [\"x\"]",
            "column 9: does it stay? expected { run = [...], stays = true } if the process is the device and goes on \
             until it is stopped, stays = false if it returns"
                .to_owned(),
        ),
        (
            "start = { run = [\"x\"], stays = false }",
            "column 9: the start hook returns and leaves a device behind, expected a stop hook that ends it".to_owned(),
        ),
        ("ready = [\"x\"]", "column 9: there is ready but no start, expected a start to wait for".to_owned()),
        (
            "link_up = [\"x\"]",
            "column 1: there is link_up but no link_down, expected both".to_owned(),
        ),
        (
            "configure.lacp.tiemout = [\"x\", \"{value}\"]",
            "column 16: there is no setting lacp.tiemout, did you mean lacp.timeout?".to_owned(),
        ),
        (
            "configure.\"lacp.key.p1\" = [\"x\", \"{value}\"]",
            "column 11: configure.lacp.key.p1 is of one port, expected lacp.key with {port} in its words".to_owned(),
        ),
        (
            "configure.\"lacp.key\" = [\"x\"]",
            "column 24: it does not say what lacp.key becomes, expected {value}".to_owned(),
        ),
        (
            "configure.\"lacp.system\" = [\"x\", \"{port}\"]",
            "column 33: there is no placeholder {port} here, expected one of {work}, {instance}, {value}, \
             {setting:NAME}, {env:NAME}, or {{ for a brace"
                .to_owned(),
        ),
        ("configure = [\"x\"]", "column 13: expected a table of hooks by name".to_owned()),
        (
            "state.lacp.churn = [\"x\"]",
            "column 12: no test asks for lacp.churn, did you mean lacp.actor_churn?".to_owned(),
        ),
        (
            "state.\"lacp.aggregator\" = { prompt = \"Which?\" }",
            "column 27: expected run: what a program prints is the state".to_owned(),
        ),
        ("logs = [\"{port}\"]", "column 9: there is no placeholder {port} here, expected one of {work}, {instance}, \
             {env:NAME}, or {{ for a brace".to_owned()),
        ("log_fail = [\"\"]", "column 13: the text is empty, expected one with something in it".to_owned()),
    ] {
        let line_number = if line.starts_with("link_up") { 8 } else { 9 };
        wrong_with(&format!("[hooks]\n{line}\n"), &format!("line {line_number}, {expected}"));
    }
    let start = "start = { run = [\"x\"], stays = true }\n";
    for (line, expected) in [
        (
            "ready = { run = [\"x\"], log = \"y\" }",
            "column 9: expected one of run, log and after, and with run or log a limit or none",
        ),
        (
            "ready = { after = 1, limit = 2 }",
            "column 9: expected one of run, log and after, and with run or log a limit or none",
        ),
        (
            "ready = { prompt = \"y\" }",
            "column 20: there is no prompt here, expected run, log, after or limit",
        ),
    ] {
        wrong_with(&format!("[hooks]\n{start}{line}\n"), &format!("line 10, {expected}"));
    }
}

#[test]
fn columns_are_counted_in_characters() {
    wrong_with(
        "[hooks]\nstop = [\"größe\", \"{x}\"]\n",
        "line 9, column 18: there is no placeholder {x} here, expected one of {work}, {instance}, {setting:NAME}, \
         {env:NAME}, or {{ for a brace",
    );
}

#[test]
fn the_template_is_a_profile_whatever_of_it_is_used() {
    let template = parse(TEMPLATE).unwrap();
    assert_eq!(template.ports.len(), 2);
    let used: String = TEMPLATE
        .lines()
        .map(|line| {
            let rest = line.strip_prefix('#').filter(|rest| !rest.starts_with(' '));
            // A TAP is in no namespace of the tester's.
            rest.filter(|rest| !rest.starts_with("namespace")).unwrap_or(line).to_owned() + "\n"
        })
        .collect();
    let all = parse(&used).unwrap();
    assert!(all.several() && all.data.is_some());
    assert_eq!(all.hooks.actions().count(), 6);
    assert_eq!(schema(&used), Ok(()));
}

/// What the schema says of a profile.
fn schema(text: &str) -> Result<(), Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/redspec.dut.1.schema.json");
    let schema: Value = serde_json::from_slice(&std::fs::read(path).expect("a file")).expect("JSON");
    let validator = jsonschema::draft202012::new(&schema).expect("a schema");
    let profile: toml::Value = toml::from_str(text).expect("TOML");
    let profile = serde_json::to_value(profile).expect("JSON");
    let errors: Vec<String> = validator.iter_errors(&profile).map(|error| error.to_string()).collect();
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

#[test]
fn examples_and_template_are_valid() {
    for (name, text) in examples() {
        parse(&text).unwrap();
        assert_eq!(schema(&text), Ok(()), "{name}");
    }
    assert_eq!(schema(TEMPLATE), Ok(()));
}

#[test]
fn schema_and_parser_agree() {
    let start = "start = { run = [\"x\"], stays = true }\n";
    for (rest, valid) in [
        (String::new(), true),
        ("[data]\nkind = \"veth\"\ninterface = \"v\"\nnamespace = \"n\"\n".to_owned(), true),
        ("[data]\nkind = \"tap\"\ninterface = \"v\"\nnamespace = \"n\"\n".to_owned(), false),
        ("[data]\nkind = \"bridge\"\ninterface = \"v\"\n".to_owned(), false),
        ("[data]\nkind = \"tap\"\ninterface = \"a/b\"\n".to_owned(), false),
        ("[data]\nkind = \"tap\"\ninterface = \"..\"\n".to_owned(), false),
        ("[data]\nkind = \"tap\"\n".to_owned(), false),
        ("speed = 1\n".to_owned(), false),
        ("[settings]\nlacp.key = 1\nlacp.timeout = \"long\"\nmarker.responder = true\n".to_owned(), true),
        ("[settings]\n\"lacp.key\" = [1]\n".to_owned(), false),
        ("[tolerance]\nexact = 1\n".to_owned(), false),
        (format!("[hooks]\n{start}ready = [\"y\"]\n"), true),
        (format!("[hooks]\n{start}ready = {{ log = \"y\", limit = 1 }}\n"), true),
        (format!("[hooks]\n{start}ready = {{ after = 1, limit = 1 }}\n"), false),
        ("[hooks]\nready = [\"y\"]\n".to_owned(), false),
        ("[hooks]\nstart = [\"x\"]\n".to_owned(), false),
        ("[hooks]\nstart = { prompt = \"Start it\" }\n".to_owned(), true),
        ("[hooks]\nstart = { prompt = \"Start it\", stays = true }\n".to_owned(), false),
        ("[hooks]\nstop = [\"\"]\n".to_owned(), false),
        ("[hooks]\nstop = { run = [\"x\"], limit = -1 }\n".to_owned(), false),
        ("[hooks]\nstop = { run = [\"x\"], prompt = \"y\" }\n".to_owned(), false),
        ("[hooks]\nlink_up = [\"x\"]\n".to_owned(), false),
        ("[hooks]\nlink_up = [\"x\"]\nlink_down = [\"x\", \"{interface}\"]\n".to_owned(), true),
        ("[hooks]\nconfigure.lacp.key = [\"x\", \"{value}\"]\n".to_owned(), true),
        ("[hooks]\nconfigure = [\"x\", \"{value}\"]\n".to_owned(), false),
        ("[hooks]\nconfigure.run = [\"x\", \"{value}\"]\n".to_owned(), false),
        ("[hooks]\nstate.\"lacp.aggregator\" = { run = [\"x\"] }\n".to_owned(), true),
        ("[hooks]\nstate.\"lacp.aggregator\" = { prompt = \"x\" }\n".to_owned(), false),
        ("[hooks]\nlogs = \"x\"\n".to_owned(), false),
        ("[hooks]\nlog_fail = [\" \"]\n".to_owned(), false),
        ("[hooks]\nrestart = [\"x\"]\n".to_owned(), false),
    ] {
        let text = format!("{HEAD}{PORT}{rest}");
        assert_eq!(parse(&text).is_ok(), valid, "the parser: {rest}");
        assert_eq!(schema(&text).is_ok(), valid, "the schema: {rest} {:?}", schema(&text));
    }
    for (head, valid) in [
        (HEAD.replace("802.1ax-2014", "2020"), true),
        (HEAD.replace("802.1ax-2014", "802.1AX-2008"), true),
        (HEAD.replace("802.1ax-2014", "2013"), false),
        (HEAD.replace("\"lacp\"", "\"glbp\""), false),
        (HEAD.replace("[\"lacp\"]", "[]"), false),
        (HEAD.replace("dut/1", "dut/2"), false),
        (format!("{HEAD}device_namespace = \"{{instance}}\"\n"), true),
        (format!("{HEAD}device_namespace = \"dut\"\n"), true),
        (format!("{HEAD}device_namespace = \"dut/1\"\n"), false),
        (format!("{HEAD}device_namespace = \"dut-{{instance}}\"\n"), false),
        (format!("{HEAD}waivers = [\"\"]\n"), false),
    ] {
        let text = format!("{head}{PORT}");
        assert_eq!(parse(&text).is_ok(), valid, "the parser: {head}");
        assert_eq!(schema(&text).is_ok(), valid, "the schema: {head}");
    }
    assert!(parse(HEAD).is_err() && schema(HEAD).is_err(), "no port");
}
