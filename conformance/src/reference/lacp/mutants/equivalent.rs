//! Mutants that nobody outside the device can tell from the reference, and why.

/// The link is down whenever this row could be taken, and a row from any state goes before it.
const LINK_IS_DOWN: &str = "in INITIALIZE the link is down and port_moved is cleared, at BEGIN as after a move, so that \
    lacp.rx.any.port-disabled goes before this row";

/// As [`LINK_IS_DOWN`], for a port that has been disabled.
const LINK_IS_UP: &str = "in PORT_DISABLED with the link down lacp.rx.any.port-disabled holds, or lacp.rx.port-disabled.moved \
    goes first, so that this row is only asked when the link is up";

/// The state is the first one, and entering it changes nothing.
const FIRST_STATE: &str = "the machine is in that state before BEGIN, its entry finds everything as it leaves it, and NTT is \
    discarded as long as no link is up";

/// Both states from which DETACHED is entered have done it.
const DONE_BEFORE: &str = "DETACHED is entered from WAITING and ATTACHED only, and neither leaves it undone";

/// `lacp.mux2020.any.out-of-sync` goes before.
const OUT_OF_SYNC_BEFORE: &str = "a port that is good to go and whose partner is out of sync is taken to ATTACHED by \
    lacp.mux2020.any.out-of-sync, which goes before this row";

/// `lacp.mux2020.any.not-selected` goes before.
const NOT_SELECTED_BEFORE: &str = "a port in DETACHED that is not SELECTED is held there by lacp.mux2020.any.not-selected, \
    which goes before this row";

/// txWhen has run for as long as the limit counts.
const LIMIT_IS_OVER: &str = "txWhen is started anew with every LACPDU and runs at least for a Fast_Periodic_Time; when it has \
    run out, the limit counts none";

/// Those of the fallback that hang the device: two of its rows lead to each other for ever.
pub(super) const NEVER_AT_REST: &[&str] = &[
    "lacp.fallback.active.not-elected.if-fallback-elected",
    "lacp.fallback.off.defaulted.to-active",
    "lacp.fallback.waiting.timeout.to-off",
    "lacp.fallback.waiting.timeout.without-fallback-elected",
];

/// All other mutants of the vendors' fallback.
pub(super) const NOT_OF_THE_STANDARD: &str = "fallback is a vendor's option that no standard asks for: tests record what a \
    device does and fail none; the reference's own is held to its table by tests of the reference";

/// What a port does that loses its link while it waits to attach.
const WAIT_AFTER_WAITING: &str =
    "whether a port that goes down while it waits to attach has to wait to restore as well is open";

/// `lacp.mux2020.attached.down` comes next.
const ATTACHED_IS_DOWN: &str = "with the link down ATTACHED leads to ATTACHED_WTR in the same instant";

/// What G-04 leaves open.
const ONE_MORE: &str = "what shows is one LACPDU more within a Fast_Periodic_Time of the partner's change to Long Timeout, which \
    a device may send";

/// `(id, reason)`
pub(super) const EQUIVALENT: &[(&str, &str)] = &[
    (
        "lacp.mux.detached.without-detach-mux-from-aggregator",
        "in DETACHED the port neither collects nor distributes, and the Selection Logic gives it another Aggregator before \
         it attaches again",
    ),
    (
        "lacp.mux.waiting.ready.without-selected",
        "a port on STANDBY goes to ATTACHED and by lacp.mux.attached.standby to DETACHED in the same instant; what shows is a \
         LACPDU more every 2 s, which nothing forbids",
    ),
    ("lacp.mux2020.attach.down.drop", WAIT_AFTER_WAITING),
    ("lacp.mux2020.attach.down.if-port-enabled", WAIT_AFTER_WAITING),
    ("lacp.mux2020.attach.down.to-detached", WAIT_AFTER_WAITING),
    (
        "lacp.mux2020.attached-wtr.down-again.drop",
        "whether a link that goes down again restarts WTR_timer is recorded only (lacp.mux.wait-to-restore-restarts)",
    ),
    ("lacp.mux2020.coll-dist.down.to-attached", ATTACHED_IS_DOWN),
    ("lacp.mux2020.collecting.down.to-attached", ATTACHED_IS_DOWN),
    (
        "lacp.mux2020.collecting.without-enable-collecting",
        "a port may collect before it distributes (lacp.mux.collecting-receives-data), and need not",
    ),
    (
        "lacp.mux2020.detached.without-disable-distributing",
        "a Mux that is detached passes no data, and every state behind ATTACH sets distribution anew",
    ),
    (
        "lacp.tx.discard.drop",
        "whether a port that may not send drops NTT or keeps it is recorded only (lacp.tx.ntt-dropped-while-idle): the \
         sources differ",
    ),
    ("lacp.tx2020.fast.partner-long.drop", ONE_MORE),
    ("lacp.tx2020.fast.partner-long.to-tx-lacpdu", ONE_MORE),
    (
        "lacp.selection.ready.own-only",
        "that Ready waits for all ports is recorded only (lacp.selection.ready-waits-for-all)",
    ),
    (
        "lacp.selection.suspend-without-partner.drop",
        "to suspend a port without a partner is a vendor's option: recorded only (lacp.fallback.suspended)",
    ),
    ("lacp.rx.initialize.unconditional.drop", LINK_IS_DOWN),
    ("lacp.rx.initialize.unconditional.to-expired", LINK_IS_DOWN),
    (
        "lacp.rx.initialize.without-clear-expired",
        "INITIALIZE leads to PORT_DISABLED, which sends nothing, and that to EXPIRED, which sets Expired, or to \
         LACP_DISABLED, which clears it",
    ),
    ("lacp.rx.port-disabled.enabled.without-port-enabled", LINK_IS_UP),
    (
        "lacp.rx.port-disabled.enabled.without-lacp-enabled",
        "EXPIRED leads to LACP_DISABLED in the same instant, and that undoes what EXPIRED has done",
    ),
    ("lacp.rx.port-disabled.no-lacp.without-port-enabled", LINK_IS_UP),
    (
        "lacp.rx.port-disabled.no-lacp.without-not-lacp-enabled",
        "with the link up and LACP enabled lacp.rx.port-disabled.enabled goes before this row",
    ),
    (
        "lacp.rx.any.port-disabled.without-not-port-moved",
        "a port that is down shows nothing, and as soon as it is up lacp.rx.port-disabled.moved leads to INITIALIZE, before \
         anything is sent",
    ),
    (
        "lacp.rx.port-disabled.without-clear-partner-synchronization",
        "a port that is down carries nothing and sends nothing, and EXPIRED or LACP_DISABLED, entered in the instant in which \
         it is up, sets the partner's Synchronization anew",
    ),
    (
        "lacp.rx.defaulted.partner-changed.drop",
        "only lacp.rx.partner-admin-change asks for it, which is INFO: one source alone has it",
    ),
    (
        "lacp.fn.record-default.2014.without-set-partner-synchronization",
        "only lacp.record.default-partner-in-sync asks for it, which is INFO: the edition in which it became so is not \
         confirmed, and devices without a partner differ",
    ),
    (
        "lacp.reception.complete.drop",
        "the text leaves open whether a LACPDU that is cut short is dropped or read as padded with zeros (B-07, \
         lacp.robust.truncated-pdu is INFO); here it is padded, and nothing is read that the frame did not carry",
    ),
    (
        "lacp.rx.lacp-disabled.without-clear-expired",
        "LACP_DISABLED sends nothing, and the way out of it leads through EXPIRED, which sets Expired",
    ),
    (
        "lacp.periodic.any.begin.drop",
        "the machine is in NO_PERIODIC before BEGIN, and lacp.periodic.any.port-disabled keeps it there",
    ),
    (
        "lacp.periodic.none.without-stop-periodic",
        "NO_PERIODIC does not look at periodic_timer, and leads to FAST_PERIODIC, which starts it anew",
    ),
    (
        "lacp.periodic.none.unconditional.to-slow-periodic",
        "to a partner with long timeout FAST_PERIODIC leads to SLOW_PERIODIC at once; to one with short timeout the first \
         LACPDU goes at once and not after a Fast_Periodic_Time, and a second is the most that may pass",
    ),
    (
        "lacp.periodic.fast.partner-long.drop",
        "PERIODIC_TX leads to SLOW_PERIODIC after one more LACPDU at the old rate, which may be under way (G-04)",
    ),
    (
        "lacp.tx2020.none.without-stop-tx-when",
        "NO_TX does not look at txWhen, and leads to FAST_PERIODIC or SLOW_PERIODIC, which start it anew",
    ),
    ("lacp.tx2020.fast.timeout.without-transmit-opportunity", LIMIT_IS_OVER),
    ("lacp.tx2020.slow.timeout.without-transmit-opportunity", LIMIT_IS_OVER),
    (
        "lacp.tx2020.fast.partner-long.without-not-ntt",
        "SLOW_PERIODIC sends what NTT asks for as FAST_PERIODIC does, as soon as the limit lets it go",
    ),
    (
        "lacp.tx2020.fast.partner-long.without-not-tx-when-expired",
        "when txWhen has run out the limit counts no LACPDU, and lacp.tx2020.fast.timeout goes before this row",
    ),
    ("lacp.mux.any.begin.drop", FIRST_STATE),
    (
        "lacp.mux.attached.in-sync.coupled.without-not-independent-control",
        "under independent control lacp.mux.attached.in-sync.independent goes before this row, and asks the same",
    ),
    ("lacp.mux.detached.without-clear-collecting", DONE_BEFORE),
    ("lacp.mux.detached.without-clear-distributing", DONE_BEFORE),
    ("lacp.mux.detached.without-disable-collecting", DONE_BEFORE),
    ("lacp.mux.detached.without-disable-distributing", DONE_BEFORE),
    (
        "lacp.mux2020.any.begin.drop",
        "a port is not SELECTED before BEGIN, and lacp.mux2020.any.not-selected enters DETACHED as well",
    ),
    ("lacp.mux2020.any.in-sync.independent.without-partner-synchronization", OUT_OF_SYNC_BEFORE),
    ("lacp.mux2020.any.in-sync.coupled.without-partner-synchronization", OUT_OF_SYNC_BEFORE),
    ("lacp.mux2020.any.partner-collecting.without-partner-synchronization", OUT_OF_SYNC_BEFORE),
    (
        "lacp.mux2020.any.in-sync.coupled.without-not-independent-control",
        "under independent control lacp.mux2020.any.in-sync.independent goes before this row unless the partner \
         collects, and then lacp.mux2020.any.partner-collecting leads to COLL_DIST as well",
    ),
    (
        "lacp.mux2020.any.partner-collecting.without-partner-collecting",
        "a partner that does not collect is seen to by one of the two rows before, under either control",
    ),
    ("lacp.mux2020.detached.selected.without-selected", NOT_SELECTED_BEFORE),
    ("lacp.mux2020.detached.ready.without-selected", NOT_SELECTED_BEFORE),
    (
        "lacp.mux2020.detached.unselected.without-wait-while-running",
        "to stop wait_while_timer when it does not run changes nothing",
    ),
    (
        "lacp.mux2020.detached.without-disable-collecting",
        "a Mux that is detached takes no frame, and each state that follows ATTACH says anew whether it does",
    ),
    (
        "lacp.mux2020.attached-wtr.down-again.without-not-wait-to-restore-pending",
        "to enter ATTACHED_WTR again as long as the link is down and WTR_timer is full changes nothing",
    ),
    (
        "lacp.mux2020.attached-wtr.without-stop-wait-to-restore",
        "as long as WTR_timer is full nobody looks whether it runs, and when the link is up it is started anew",
    ),
    (
        "marker.responder.wait.received.without-marker-received",
        "the responder runs only when a Marker PDU is received",
    ),
    (
        "marker.generator.distribution-changed.without-distribution-changed",
        "the generator runs only when the distributing links change",
    ),
    (
        "marker.generator.distribution-changed.drop",
        "a device may send Markers and need not (marker.generator.optional is INFO); without any, tests of Markers are inconclusive",
    ),
    (
        "marker.generator.distribution-changed.without-generator-configured",
        "a device may send Markers whatever is said of it (marker.generator.optional is INFO), and these are good ones",
    ),
];
