//! The Marker Responder (6.5.4), and when a generator may send a Marker.

use super::super::lacp::clauses;
use crate::spec::Editions;
use crate::spec::machine::Literal::{Is, Not};
use crate::spec::machine::Origin::State;
use crate::spec::machine::{Entry, Machine, Row};

const ALL: Editions = Editions::DOT1AX;

/// What a row asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// A Marker PDU of either kind is there to be processed.
    MarkerReceived,
    /// It is a Marker Response.
    MarkerIsResponse,
    /// The system sends Markers of its own, which is optional.
    GeneratorConfigured,
    /// The set of distributing links has changed.
    DistributionChanged,
}

/// What a row does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Sends what was received as a Response, on the port where it came in.
    SendResponse,
    /// Sends a Marker of its own.
    SendMarker,
}

/// States of the Marker Responder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Responder {
    /// WAIT_FOR_MARKER
    WaitForMarker,
    /// RESPOND_TO_MARKER
    RespondToMarker,
}

/// The Marker Responder.
pub const RESPONDER: Machine<Responder, Condition, Action> = Machine {
    id: "marker.responder",
    name: "Marker Responder",
    clauses: clauses::MARKER,
    initial: Responder::WaitForMarker,
    states: &[Entry {
        id: "marker.responder.respond",
        state: Responder::RespondToMarker,
        actions: &[Action::SendResponse],
        editions: ALL,
    }],
    rows: &[
        Row {
            id: "marker.responder.wait.received",
            from: State(Responder::WaitForMarker),
            when: &[Is(Condition::MarkerReceived), Not(Condition::MarkerIsResponse)],
            actions: &[],
            to: Some(Responder::RespondToMarker),
            editions: ALL,
        },
        Row {
            id: "marker.responder.respond.unconditional",
            from: State(Responder::RespondToMarker),
            when: &[],
            actions: &[],
            to: Some(Responder::WaitForMarker),
            editions: ALL,
        },
    ],
};

/// The only state of a generator as the reference has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generator {
    /// Nothing is outstanding that it would wait for.
    Idle,
}

/// An optional generator: when conversations may have moved it asks each distributing link for what is under way.
pub const GENERATOR: Machine<Generator, Condition, Action> = Machine {
    id: "marker.generator",
    name: "Marker generator",
    clauses: clauses::MARKER,
    initial: Generator::Idle,
    states: &[],
    rows: &[Row {
        id: "marker.generator.distribution-changed",
        from: State(Generator::Idle),
        when: &[Is(Condition::GeneratorConfigured), Is(Condition::DistributionChanged)],
        actions: &[Action::SendMarker],
        to: None,
        editions: ALL,
    }],
};
