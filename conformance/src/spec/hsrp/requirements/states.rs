//! The state machine of a router in a group, its timers, and what it learns.

use super::requirements;
use crate::spec::Requirement;

pub(super) const V1_TIMERS: &[Requirement] = requirements! {
    "hsrp1.timers.hellotime" Must Wire HELLO_TIMER HSRP1 ["hsrp1.group.active.hello-timer"]
        "No two Hellos of a router are further apart than its Hellotime, of which the RFC speaks as approximate.";
    "hsrp1.timers.punctual" Should Wire HELLO_TIMER HSRP1
        "No Hello comes later than a twentieth of the Hellotime after its time.";
    "hsrp1.timers.jitter" Must No ("no amount is given, and what is too little to be seen may be there")
        TIMERS ONLY_2281
        "The Hello timer is jittered.";
    "hsrp1.timers.jitter-amount" Should Wire TIMERS ONLY_2281
        "The jitter of the Hello timer can be seen: the times between Hellos are not all alike.";
    "hsrp1.timers.jitter-amount-cisco" Info Wire CISCO ONLY_CISCO1
        "The times between Hellos spread over a fifth of the Hellotime, or are all alike.";
    "hsrp1.timers.extra-hellos" May Wire TIMERS HSRP1
        "Between two Hellos of the Hello timer there are others, or are none.";
    "hsrp1.timers.active-holdtime" Must Wire ACTIVE_TIMER HSRP1
        ["hsrp1.group.standby.active-higher", "hsrp1.group.standby.active-timer"]
        "The Active timer runs for the Holdtime in the Hello of the Active router, not for the router's own.";
    "hsrp1.timers.standby-holdtime" Must Wire STANDBY_TIMER HSRP1
        ["hsrp1.group.listen.standby-higher", "hsrp1.group.listen.standby-timer"]
        "The Standby timer runs for the Holdtime in the Hello of the Standby router, not for the router's own.";
    "hsrp1.timers.own-holdtime" Must Wire ACTIONS HSRP1 ["hsrp1.group.initial.enabled"]
        "Where no Hello of its router has led there, a timer runs for the router's own Holdtime.";
};

pub(super) const V2_TIMERS: &[Requirement] = requirements! {
    "hsrp2.timers.hellotime" Must Wire HELLO_TIMER HSRP2 ["hsrp2.group.active.hello-timer"]
        "No two Hellos of a router are further apart than its Hellotime.";
    "hsrp2.timers.punctual" Should Wire HELLO_TIMER HSRP2
        "No Hello comes later than a twentieth of the Hellotime after its time.";
    "hsrp2.timers.sub-second" Should WireAndConfiguration HELLOTIME HSRP2 ["hsrp2.group.active.hello-timer"]
        "A Hellotime of less than a second is kept to.";
    "hsrp2.timers.jitter-amount" Info Wire CISCO HSRP2
        "The times between Hellos are jittered, or are all alike.";
    "hsrp2.timers.extra-hellos" May Wire TIMERS HSRP2
        "Between two Hellos of the Hello timer there are others, or are none.";
    "hsrp2.timers.active-holdtime" Should Wire ACTIVE_TIMER HSRP2
        ["hsrp2.group.standby.active-higher", "hsrp2.group.standby.active-timer"]
        "The Active timer runs for the Holdtime in the Hello of the Active router, not for the router's own.";
    "hsrp2.timers.standby-holdtime" Should Wire STANDBY_TIMER HSRP2
        ["hsrp2.group.listen.standby-higher", "hsrp2.group.listen.standby-timer"]
        "The Standby timer runs for the Holdtime in the Hello of the Standby router, not for the router's own.";
    "hsrp2.timers.own-holdtime" Should Wire ACTIONS HSRP2 ["hsrp2.group.initial.enabled"]
        "Where no Hello of its router has led there, a timer runs for the router's own Holdtime.";
};

pub(super) const V1_STARTUP: &[Requirement] = requirements! {
    "hsrp1.startup.listens" Must WireAndConfiguration STATE_TRANSITIONS HSRP1 ["hsrp1.group.initial.enabled"]
        "A router that starts and knows the virtual address listens, and sends no Hello for a Holdtime.";
    "hsrp1.startup.learns" Must WireAndConfiguration STATE_TRANSITIONS HSRP1 ["hsrp1.group.initial.enabled-unknown"]
        "A router that starts and does not know the virtual address waits in Learn for the Active router.";
    "hsrp1.startup.interface-up" Must WireAndLink STATES HSRP1 ["hsrp1.group.initial.enabled"]
        "A router whose interface comes up begins anew, and listens before it speaks.";
    "hsrp1.startup.speaks" Must WireAndConfiguration STATE_TRANSITIONS HSRP1 ["hsrp1.group.listen.active-timer"]
        "A router that starts and hears nobody sends its first Hello, with Speak, after a Holdtime.";
    "hsrp1.startup.order" Must Wire STATE_TRANSITIONS HSRP1
        ["hsrp1.group.speak.standby-timer", "hsrp1.group.standby.active-timer"]
        "A router that hears nobody goes from Speak through Standby, for however short, to Active, and never back.";
    "hsrp1.startup.becomes-active" Must Wire STATE_TRANSITIONS HSRP1
        ["hsrp1.group.speak.standby-timer", "hsrp1.group.standby.active-timer"]
        "A router that hears nobody becomes Active, in whichever order it takes timers that expire together.";
    "hsrp1.startup.internals" May No ("what is inside is not on the wire") STATES HSRP1
        "Inside, the state machine is another one that shows the same.";
    "hsrp1.startup.initial-disabled" Should WireAndConfiguration STATE_TRANSITIONS HSRP1
        ["hsrp1.group.initial.disabled"]
        "A router in Initial that is disabled once more sends nothing and stays so.";
    "hsrp1.startup.initial-speak-higher" Should WireAndConfiguration STATE_TRANSITIONS HSRP1
        ["hsrp1.group.initial.speak-higher"]
        "A router in Initial does nothing about a Hello of higher priority with Speak.";
    "hsrp1.startup.initial-active-higher" Should WireAndConfiguration STATE_TRANSITIONS HSRP1
        ["hsrp1.group.initial.active-higher"]
        "A router in Initial does nothing about a Hello of higher priority from the Active router.";
    "hsrp1.startup.initial-active-lower" Should WireAndConfiguration STATE_TRANSITIONS HSRP1
        ["hsrp1.group.initial.active-lower"]
        "A router in Initial does nothing about a Hello of lower priority from the Active router.";
    "hsrp1.startup.initial-resign" Should WireAndConfiguration STATE_TRANSITIONS HSRP1 ["hsrp1.group.initial.resign"]
        "A router in Initial does nothing about a Resign.";
    "hsrp1.startup.initial-coup" Should WireAndConfiguration STATE_TRANSITIONS HSRP1 ["hsrp1.group.initial.coup"]
        "A router in Initial does nothing about a Coup.";
    "hsrp1.startup.initial-standby-higher" Should WireAndConfiguration STATE_TRANSITIONS HSRP1
        ["hsrp1.group.initial.standby-higher"]
        "A router in Initial does nothing about a Hello of higher priority from the Standby router.";
    "hsrp1.startup.initial-standby-lower" Should WireAndConfiguration STATE_TRANSITIONS HSRP1
        ["hsrp1.group.initial.standby-lower"]
        "A router in Initial does nothing about a Hello of lower priority from the Standby router.";
    "hsrp1.startup.learn-silent" Must Wire LEARN HSRP1
        ["hsrp1.group.learn.hello-timer", "hsrp1.group.learn.active-timer", "hsrp1.group.learn.standby-timer"]
        "A router that has no virtual address sends no Hello, however long it hears nobody.";
    "hsrp1.startup.learn-active-higher" Must Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.learn.active-higher"]
        "A router in Learn that hears an Active router of higher priority and learns from it goes on to Listen.";
    "hsrp1.startup.learn-active-lower" Must Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.learn.active-lower"]
        "A router in Learn that hears an Active router of lower priority and learns from it goes on to Listen.";
    "hsrp1.startup.learn-speak-higher" Should Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.learn.speak-higher"]
        "A router in Learn stays there under a Hello of higher priority with Speak, and learns nothing from it.";
    "hsrp1.startup.learn-coup" Should Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.learn.coup"]
        "A router in Learn stays there under a Coup, and learns nothing from it.";
    "hsrp1.startup.learn-standby-higher" Should Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.learn.standby-higher"]
        "A router in Learn stays there under a Standby router's Hellos of higher priority, and learns nothing.";
    "hsrp1.startup.learn-standby-lower" Should Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.learn.standby-lower"]
        "A router in Learn stays there under a Standby router's Hellos of lower priority, and learns nothing.";
};

pub(super) const V2_STARTUP: &[Requirement] = requirements! {
    "hsrp2.startup.listens" Must WireAndConfiguration SEEN_TRANSITIONS HSRP2 ["hsrp2.group.initial.enabled"]
        "A router that starts and knows the virtual address listens, and sends no Hello for a Holdtime.";
    "hsrp2.startup.learns" Should WireAndConfiguration STATE_TRANSITIONS HSRP2 ["hsrp2.group.initial.enabled-unknown"]
        "A router that starts and does not know the virtual address waits in Learn for the Active router.";
    "hsrp2.startup.interface-up" Should WireAndLink STATES HSRP2 ["hsrp2.group.initial.enabled"]
        "A router whose interface comes up begins anew, and listens before it speaks.";
    "hsrp2.startup.speaks" Must WireAndConfiguration SEEN_TRANSITIONS HSRP2 ["hsrp2.group.listen.active-timer"]
        "A router that starts and hears nobody sends its first Hello, with Speak, after a Holdtime.";
    "hsrp2.startup.order" Must Wire SEEN_TRANSITIONS HSRP2
        ["hsrp2.group.speak.standby-timer", "hsrp2.group.standby.active-timer"]
        "A router that hears nobody goes from Speak through Standby, for however short, to Active, and never back.";
    "hsrp2.startup.becomes-active" Must Wire SEEN_TRANSITIONS HSRP2
        ["hsrp2.group.speak.standby-timer", "hsrp2.group.standby.active-timer"]
        "A router that hears nobody becomes Active, in whichever order it takes timers that expire together.";
    "hsrp2.startup.initial-disabled" Should WireAndConfiguration STATE_TRANSITIONS HSRP2
        ["hsrp2.group.initial.disabled"]
        "A router in Initial that is disabled once more sends nothing and stays so.";
    "hsrp2.startup.initial-speak-higher" Should WireAndConfiguration STATE_TRANSITIONS HSRP2
        ["hsrp2.group.initial.speak-higher"]
        "A router in Initial does nothing about a Hello of higher priority with Speak.";
    "hsrp2.startup.initial-active-higher" Should WireAndConfiguration STATE_TRANSITIONS HSRP2
        ["hsrp2.group.initial.active-higher"]
        "A router in Initial does nothing about a Hello of higher priority from the Active router.";
    "hsrp2.startup.initial-active-lower" Should WireAndConfiguration STATE_TRANSITIONS HSRP2
        ["hsrp2.group.initial.active-lower"]
        "A router in Initial does nothing about a Hello of lower priority from the Active router.";
    "hsrp2.startup.initial-resign" Should WireAndConfiguration STATE_TRANSITIONS HSRP2 ["hsrp2.group.initial.resign"]
        "A router in Initial does nothing about a Resign.";
    "hsrp2.startup.initial-coup" Should WireAndConfiguration STATE_TRANSITIONS HSRP2 ["hsrp2.group.initial.coup"]
        "A router in Initial does nothing about a Coup.";
    "hsrp2.startup.initial-standby-higher" Should WireAndConfiguration STATE_TRANSITIONS HSRP2
        ["hsrp2.group.initial.standby-higher"]
        "A router in Initial does nothing about a Hello of higher priority from the Standby router.";
    "hsrp2.startup.initial-standby-lower" Should WireAndConfiguration STATE_TRANSITIONS HSRP2
        ["hsrp2.group.initial.standby-lower"]
        "A router in Initial does nothing about a Hello of lower priority from the Standby router.";
    "hsrp2.startup.learn-silent" Should Wire LEARN HSRP2
        ["hsrp2.group.learn.hello-timer", "hsrp2.group.learn.active-timer", "hsrp2.group.learn.standby-timer"]
        "A router that has no virtual address sends no Hello, however long it hears nobody.";
    "hsrp2.startup.learn-active-higher" Should Wire STATE_TRANSITIONS HSRP2 ["hsrp2.group.learn.active-higher"]
        "A router in Learn that hears an Active router of higher priority and learns from it goes on to Listen.";
    "hsrp2.startup.learn-active-lower" Should Wire STATE_TRANSITIONS HSRP2 ["hsrp2.group.learn.active-lower"]
        "A router in Learn that hears an Active router of lower priority and learns from it goes on to Listen.";
    "hsrp2.startup.learn-speak-higher" Should Wire STATE_TRANSITIONS HSRP2 ["hsrp2.group.learn.speak-higher"]
        "A router in Learn stays there under a Hello of higher priority with Speak, and learns nothing from it.";
    "hsrp2.startup.learn-coup" Should Wire STATE_TRANSITIONS HSRP2 ["hsrp2.group.learn.coup"]
        "A router in Learn stays there under a Coup, and learns nothing from it.";
    "hsrp2.startup.learn-standby-higher" Should Wire STATE_TRANSITIONS HSRP2 ["hsrp2.group.learn.standby-higher"]
        "A router in Learn stays there under a Standby router's Hellos of higher priority, and learns nothing.";
    "hsrp2.startup.learn-standby-lower" Should Wire STATE_TRANSITIONS HSRP2 ["hsrp2.group.learn.standby-lower"]
        "A router in Learn stays there under a Standby router's Hellos of lower priority, and learns nothing.";
};

pub(super) const V1_LISTEN: &[Requirement] = requirements! {
    "hsrp1.listen.silent" Should Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.listen.hello-timer"]
        "A router in Listen sends no Hello.";
    "hsrp1.listen.active-timer" Must Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.listen.active-timer"]
        "A router in Listen speaks when the Active timer expires, also while the Standby router is well.";
    "hsrp1.listen.standby-timer" Must Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.listen.standby-timer"]
        "A router in Listen speaks when the Standby timer expires, also while the Active router is well.";
    "hsrp1.listen.active-higher" Must Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.listen.active-higher"]
        "Each Hello of an Active router of higher priority starts the Active timer of a router in Listen anew.";
    "hsrp1.listen.active-lower" Must WireAndConfiguration STATE_TRANSITIONS HSRP1 ["hsrp1.group.listen.active-lower"]
        "Without preemption, each Hello of an Active router of lower priority starts the Active timer in Listen anew.";
    "hsrp1.listen.preempts" Must WireAndConfiguration PREEMPTION HSRP1 ["hsrp1.group.listen.active-lower-preempting"]
        "With preemption, a router in Listen answers an Active router of lower priority with a Coup and is Active.";
    "hsrp1.listen.resign" Must Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.listen.resign"]
        "A router in Listen speaks when the Active router resigns.";
    "hsrp1.listen.standby-higher" Must Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.listen.standby-higher"]
        "Each Hello of a Standby router of higher priority starts the Standby timer of a router in Listen anew.";
    "hsrp1.listen.standby-lower" Must Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.listen.standby-lower"]
        "A router in Listen speaks when it hears a Standby router of lower priority.";
    "hsrp1.listen.speak-higher-ignored" Should Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.listen.speak-higher"]
        "A router in Listen does nothing about a Hello of higher priority with Speak.";
    "hsrp1.listen.coup-ignored" Should Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.listen.coup"]
        "A router in Listen does nothing about a Coup.";
};

pub(super) const V2_LISTEN: &[Requirement] = requirements! {
    "hsrp2.listen.silent" Should Wire STATE_TRANSITIONS HSRP2 ["hsrp2.group.listen.hello-timer"]
        "A router in Listen sends no Hello.";
    "hsrp2.listen.active-timer" Should Wire STATE_TRANSITIONS HSRP2 ["hsrp2.group.listen.active-timer"]
        "A router in Listen speaks when the Active timer expires, also while the Standby router is well.";
    "hsrp2.listen.standby-timer" Must Wire SEEN_TRANSITIONS HSRP2 ["hsrp2.group.listen.standby-timer"]
        "A router in Listen speaks when the Standby timer expires, also while the Active router is well.";
    "hsrp2.listen.active-higher" Should Wire STATE_TRANSITIONS HSRP2 ["hsrp2.group.listen.active-higher"]
        "Each Hello of an Active router of higher priority starts the Active timer of a router in Listen anew.";
    "hsrp2.listen.active-lower" Should WireAndConfiguration STATE_TRANSITIONS HSRP2
        ["hsrp2.group.listen.active-lower"]
        "Without preemption, each Hello of an Active router of lower priority starts the Active timer in Listen anew.";
    "hsrp2.listen.preempts" Should WireAndConfiguration PREEMPTION HSRP2
        ["hsrp2.group.listen.active-lower-preempting"]
        "With preemption, a router in Listen answers an Active router of lower priority with a Coup and is Active.";
    "hsrp2.listen.resign" Should Wire STATE_TRANSITIONS HSRP2 ["hsrp2.group.listen.resign"]
        "A router in Listen speaks when the Active router resigns.";
    "hsrp2.listen.standby-higher" Should Wire STATE_TRANSITIONS HSRP2 ["hsrp2.group.listen.standby-higher"]
        "Each Hello of a Standby router of higher priority starts the Standby timer of a router in Listen anew.";
    "hsrp2.listen.standby-lower" Should Wire STATE_TRANSITIONS HSRP2 ["hsrp2.group.listen.standby-lower"]
        "A router in Listen speaks when it hears a Standby router of lower priority.";
    "hsrp2.listen.speak-higher-ignored" Should Wire STATE_TRANSITIONS HSRP2 ["hsrp2.group.listen.speak-higher"]
        "A router in Listen does nothing about a Hello of higher priority with Speak.";
    "hsrp2.listen.coup-ignored" Should Wire STATE_TRANSITIONS HSRP2 ["hsrp2.group.listen.coup"]
        "A router in Listen does nothing about a Coup.";
};

pub(super) const V1_SPEAK: &[Requirement] = requirements! {
    "hsrp1.speak.hellos" Must Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.speak.hello-timer"]
        "A router in Speak sends a Hello each Hellotime.";
    "hsrp1.speak.standby-timer" Must Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.speak.standby-timer"]
        "A router in Speak is Standby when the Standby timer expires.";
    "hsrp1.speak.speak-higher" Must Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.speak.speak-higher"]
        "A router in Speak falls silent, in Listen, under a Hello of higher priority with Speak.";
    "hsrp1.speak.active-higher" Must Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.speak.active-higher"]
        "Each Hello of an Active router of higher priority starts the Active timer of a router in Speak anew.";
    "hsrp1.speak.active-lower" Must WireAndConfiguration STATE_TRANSITIONS HSRP1 ["hsrp1.group.speak.active-lower"]
        "Without preemption, each Hello of an Active router of lower priority starts the Active timer in Speak anew.";
    "hsrp1.speak.preempts" Must WireAndConfiguration PREEMPTION HSRP1 ["hsrp1.group.speak.active-lower-preempting"]
        "With preemption, a router in Speak answers an Active router of lower priority with a Coup and is Active.";
    "hsrp1.speak.resign" Must Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.speak.resign"]
        "A Resign starts the Active timer of a router in Speak anew and does nothing more.";
    "hsrp1.speak.standby-higher" Must Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.speak.standby-higher"]
        "A router in Speak falls silent, in Listen, under a Hello of higher priority from the Standby router.";
    "hsrp1.speak.standby-lower" Must Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.speak.standby-lower"]
        "A router in Speak is Standby when it hears a Standby router of lower priority.";
    "hsrp1.speak.active-timer-ignored" Should Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.speak.active-timer"]
        "A router in Speak does nothing when the Active timer expires.";
    "hsrp1.speak.coup-ignored" Should Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.speak.coup"]
        "A router in Speak does nothing about a Coup.";
    "hsrp1.speak.speak-lower-ignored" Should Wire STATE_TRANSITIONS HSRP1
        "A router in Speak does nothing about a Hello of lower priority with Speak.";
};

pub(super) const V2_SPEAK: &[Requirement] = requirements! {
    "hsrp2.speak.hellos" Must Wire SEEN_TRANSITIONS HSRP2 ["hsrp2.group.speak.hello-timer"]
        "A router in Speak sends a Hello each Hellotime.";
    "hsrp2.speak.standby-timer" Must Wire SEEN_TRANSITIONS HSRP2 ["hsrp2.group.speak.standby-timer"]
        "A router in Speak is Standby when the Standby timer expires.";
    "hsrp2.speak.speak-higher" Should Wire STATE_TRANSITIONS HSRP2 ["hsrp2.group.speak.speak-higher"]
        "A router in Speak falls silent, in Listen, under a Hello of higher priority with Speak.";
    "hsrp2.speak.active-higher" Should Wire STATE_TRANSITIONS HSRP2 ["hsrp2.group.speak.active-higher"]
        "Each Hello of an Active router of higher priority starts the Active timer of a router in Speak anew.";
    "hsrp2.speak.active-lower" Should WireAndConfiguration STATE_TRANSITIONS HSRP2 ["hsrp2.group.speak.active-lower"]
        "Without preemption, each Hello of an Active router of lower priority starts the Active timer in Speak anew.";
    "hsrp2.speak.preempts" Should WireAndConfiguration PREEMPTION HSRP2 ["hsrp2.group.speak.active-lower-preempting"]
        "With preemption, a router in Speak answers an Active router of lower priority with a Coup and is Active.";
    "hsrp2.speak.resign" Should Wire STATE_TRANSITIONS HSRP2 ["hsrp2.group.speak.resign"]
        "A Resign starts the Active timer of a router in Speak anew and does nothing more.";
    "hsrp2.speak.standby-higher" Should Wire STATE_TRANSITIONS HSRP2 ["hsrp2.group.speak.standby-higher"]
        "A router in Speak falls silent, in Listen, under a Hello of higher priority from the Standby router.";
    "hsrp2.speak.standby-lower" Should Wire STATE_TRANSITIONS HSRP2 ["hsrp2.group.speak.standby-lower"]
        "A router in Speak is Standby when it hears a Standby router of lower priority.";
    "hsrp2.speak.active-timer-ignored" Should Wire STATE_TRANSITIONS HSRP2 ["hsrp2.group.speak.active-timer"]
        "A router in Speak does nothing when the Active timer expires.";
    "hsrp2.speak.coup-ignored" Should Wire STATE_TRANSITIONS HSRP2 ["hsrp2.group.speak.coup"]
        "A router in Speak does nothing about a Coup.";
    "hsrp2.speak.speak-lower-ignored" Should Wire STATE_TRANSITIONS HSRP2
        "A router in Speak does nothing about a Hello of lower priority with Speak.";
};

pub(super) const V1_STANDBY: &[Requirement] = requirements! {
    "hsrp1.standby.hellos" Must Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.standby.hello-timer"]
        "A router in Standby sends a Hello each Hellotime.";
    "hsrp1.standby.active-timer" Must Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.standby.active-timer"]
        "A router in Standby is Active, and sends a Hello at once, when the Active timer expires.";
    "hsrp1.standby.speak-higher" Must Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.standby.speak-higher"]
        "A router in Standby falls silent, in Listen, under a Hello of higher priority with Speak.";
    "hsrp1.standby.active-higher" Must Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.standby.active-higher"]
        "Each Hello of an Active router of higher priority starts the Active timer of a router in Standby anew.";
    "hsrp1.standby.active-lower" Must WireAndConfiguration STATE_TRANSITIONS HSRP1
        ["hsrp1.group.standby.active-lower"]
        "Without preemption, each Hello of an Active router of lower priority starts the Active timer in Standby anew.";
    "hsrp1.standby.preempts" Must WireAndConfiguration PREEMPTION HSRP1
        ["hsrp1.group.standby.active-lower-preempting"]
        "With preemption, a router in Standby answers an Active router of lower priority with a Coup and is Active.";
    "hsrp1.standby.resign" Must Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.standby.resign"]
        "A router in Standby is Active, and sends a Hello at once, when the Active router resigns.";
    "hsrp1.standby.resign-of-other-ignored" Must Wire STATE_TRANSITIONS HSRP1
        "A router in Standby does nothing about a Resign from a router that is not the Active one.";
    "hsrp1.standby.resign-state" Info Wire OP_CODE HSRP1
        "The Active router's Resign is taken for its own also if the state in it is Speak, or is not.";
    "hsrp1.standby.standby-higher" Must Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.standby.standby-higher"]
        "A router in Standby falls silent, in Listen, under a Hello of higher priority from another one in Standby.";
    "hsrp1.standby.standby-lower-ignored" Should Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.standby.standby-lower"]
        "A router in Standby does nothing about a Hello of lower priority from another one in Standby.";
    "hsrp1.standby.coup-ignored" Should Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.standby.coup"]
        "A router in Standby does nothing about a Coup.";
    "hsrp1.standby.speak-lower-ignored" Should Wire STATE_TRANSITIONS HSRP1
        "A router in Standby does nothing about a Hello of lower priority with Speak.";
};

pub(super) const V2_STANDBY: &[Requirement] = requirements! {
    "hsrp2.standby.hellos" Must Wire SEEN_TRANSITIONS HSRP2 ["hsrp2.group.standby.hello-timer"]
        "A router in Standby sends a Hello each Hellotime.";
    "hsrp2.standby.active-timer" Must Wire SEEN_TRANSITIONS HSRP2 ["hsrp2.group.standby.active-timer"]
        "A router in Standby is Active, and sends a Hello at once, when the Active timer expires.";
    "hsrp2.standby.speak-higher" Should Wire STATE_TRANSITIONS HSRP2 ["hsrp2.group.standby.speak-higher"]
        "A router in Standby falls silent, in Listen, under a Hello of higher priority with Speak.";
    "hsrp2.standby.active-higher" Must Wire SEEN_TRANSITIONS HSRP2 ["hsrp2.group.standby.active-higher"]
        "Each Hello of an Active router of higher priority starts the Active timer of a router in Standby anew.";
    "hsrp2.standby.active-lower" Must WireAndConfiguration SEEN_TRANSITIONS HSRP2 ["hsrp2.group.standby.active-lower"]
        "Without preemption, each Hello of an Active router of lower priority starts the Active timer in Standby anew.";
    "hsrp2.standby.preempts" Should WireAndConfiguration PREEMPTION HSRP2
        ["hsrp2.group.standby.active-lower-preempting"]
        "With preemption, a router in Standby answers an Active router of lower priority with a Coup and is Active.";
    "hsrp2.standby.resign" Should Wire STATE_TRANSITIONS HSRP2 ["hsrp2.group.standby.resign"]
        "A router in Standby is Active, and sends a Hello at once, when the Active router resigns.";
    "hsrp2.standby.resign-of-other-ignored" Should Wire STATE_TRANSITIONS HSRP2
        "A router in Standby does nothing about a Resign from a router that is not the Active one.";
    "hsrp2.standby.resign-state" Info Wire OP_CODE HSRP2
        "The Active router's Resign is taken for its own also if the state in it is Speak, or is not.";
    "hsrp2.standby.standby-higher" Should Wire STATE_TRANSITIONS HSRP2 ["hsrp2.group.standby.standby-higher"]
        "A router in Standby falls silent, in Listen, under a Hello of higher priority from another one in Standby.";
    "hsrp2.standby.standby-lower-ignored" Should Wire STATE_TRANSITIONS HSRP2 ["hsrp2.group.standby.standby-lower"]
        "A router in Standby does nothing about a Hello of lower priority from another one in Standby.";
    "hsrp2.standby.coup-ignored" Should Wire STATE_TRANSITIONS HSRP2 ["hsrp2.group.standby.coup"]
        "A router in Standby does nothing about a Coup.";
    "hsrp2.standby.speak-lower-ignored" Should Wire STATE_TRANSITIONS HSRP2
        "A router in Standby does nothing about a Hello of lower priority with Speak.";
};

pub(super) const V1_ACTIVE: &[Requirement] = requirements! {
    "hsrp1.active.hellos" Must Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.active.hello-timer"]
        "An Active router sends a Hello each Hellotime.";
    "hsrp1.active.active-higher" Must Wire STATE_TRANSITIONS HSRP1
        ["hsrp1.group.active.active-higher", "hsrp1.group.active.active-higher-resigning"]
        "An Active router that hears another one of higher priority is Active no more, and speaks.";
    "hsrp1.active.active-higher-unresigned" Should Wire STATE_TRANSITIONS ONLY_2281
        ["hsrp1.group.active.active-higher"]
        "An Active router that hears another one of higher priority sends no Resign.";
    "hsrp1.active.active-higher-resigns" Info Wire CISCO ONLY_CISCO1 ["hsrp1.group.active.active-higher-resigning"]
        "An Active router that hears another one of higher priority sends a Resign, or sends none.";
    "hsrp1.active.active-lower" Must Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.active.active-lower"]
        "An Active router answers another one of lower priority with a Coup, and stays Active.";
    "hsrp1.active.active-lower-announces" Info Wire CISCO ONLY_CISCO1
        "An Active router's Coup is followed by a Hello and by gratuitous ARP.";
    "hsrp1.active.tie-greater" Must Wire TIE HSRP1
        ["hsrp1.group.active.active-higher", "hsrp1.group.active.active-higher-resigning"]
        "Of two routers with equal priority, an Active one gives way to the one with the greater address.";
    "hsrp1.active.tie-smaller" Must Wire TIE HSRP1 ["hsrp1.group.active.active-lower"]
        "An Active router answers another one with equal priority and a smaller address with a Coup, and stays Active.";
    "hsrp1.active.coup" Must Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.active.coup"]
        "An Active router that gets a Coup of higher priority is Active no more, and speaks.";
    "hsrp1.active.coup-resigns" Must Wire STATE_TRANSITIONS ONLY_2281 ["hsrp1.group.active.coup"]
        "An Active router that gets a Coup of higher priority sends a Resign.";
    "hsrp1.active.coup-resigns-cisco" Info Wire CISCO ONLY_CISCO1 ["hsrp1.group.active.coup"]
        "An Active router that gets a Coup of higher priority sends a Resign, or tells it by an Advertise alone.";
    "hsrp1.active.coup-lower-ignored" Must Wire STATE_TRANSITIONS HSRP1
        "An Active router stays so under a Coup of lower priority.";
    "hsrp1.active.standby-higher" Must Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.active.standby-higher"]
        "An Active router stays so under Hellos of higher priority from the Standby router.";
    "hsrp1.active.standby-lower" Must Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.active.standby-lower"]
        "An Active router stays so under Hellos of lower priority from the Standby router.";
    "hsrp1.active.active-timer-ignored" Should Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.active.active-timer"]
        "An Active router does nothing when the Active timer, started before it took over, expires.";
    "hsrp1.active.standby-timer-ignored" Should Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.active.standby-timer"]
        "An Active router does nothing when the Standby timer expires.";
    "hsrp1.active.speak-higher-ignored" Should Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.active.speak-higher"]
        "An Active router does nothing about a Hello of higher priority with Speak.";
    "hsrp1.active.speak-lower-ignored" Should Wire STATE_TRANSITIONS HSRP1
        "An Active router does nothing about a Hello of lower priority with Speak.";
    "hsrp1.active.resign-ignored" Should Wire STATE_TRANSITIONS HSRP1 ["hsrp1.group.active.resign"]
        "An Active router stays so under a Resign.";
    "hsrp1.active.resign-unanswered" Should Wire STATE_TRANSITIONS ONLY_2281 ["hsrp1.group.active.resign"]
        "An Active router sends nothing on account of a Resign.";
    "hsrp1.active.resign-answered" Info Wire CISCO ONLY_CISCO1
        "An Active router answers a Resign with a Coup, a Hello and gratuitous ARP, or does not.";
    "hsrp1.active.independent" Must Wire GROUPS HSRP1
        "What a router hears for one group changes neither state, timers nor addresses of another.";
};

pub(super) const V2_ACTIVE: &[Requirement] = requirements! {
    "hsrp2.active.hellos" Must Wire SEEN_TRANSITIONS HSRP2 ["hsrp2.group.active.hello-timer"]
        "An Active router sends a Hello each Hellotime.";
    "hsrp2.active.active-higher" Must Wire SEEN_TRANSITIONS HSRP2 ["hsrp2.group.active.active-higher-resigning"]
        "An Active router that hears another one of higher priority is Active no more, and speaks.";
    "hsrp2.active.active-higher-resigns" Should Wire CISCO HSRP2 ["hsrp2.group.active.active-higher-resigning"]
        "An Active router that hears another one of higher priority sends a Resign.";
    "hsrp2.active.active-lower" Should Wire STATE_TRANSITIONS HSRP2 ["hsrp2.group.active.active-lower"]
        "An Active router answers another one of lower priority with a Coup, and stays Active.";
    "hsrp2.active.active-lower-announces" Info Wire CISCO HSRP2
        "An Active router's Coup is followed by a Hello and by gratuitous ARP.";
    "hsrp2.active.tie-greater" Should Wire TIE HSRP2 ["hsrp2.group.active.active-higher-resigning"]
        "Of two routers with equal priority, an Active one gives way to the one with the greater address.";
    "hsrp2.active.tie-smaller" Should Wire TIE HSRP2 ["hsrp2.group.active.active-lower"]
        "An Active router answers another one with equal priority and a smaller address with a Coup, and stays Active.";
    "hsrp2.active.priority-wide" Should Wire PRIORITY HSRP2 ["hsrp2.group.active.active-higher-resigning"]
        "All four octets of the priority count when an Active router compares it with its own.";
    "hsrp2.active.coup" Should Wire STATE_TRANSITIONS HSRP2 ["hsrp2.group.active.coup"]
        "An Active router that gets a Coup of higher priority is Active no more, and speaks.";
    "hsrp2.active.coup-resigns" Info Wire CISCO HSRP2 ["hsrp2.group.active.coup"]
        "An Active router that gets a Coup of higher priority sends a Resign, or sends none.";
    "hsrp2.active.coup-lower-ignored" Should Wire STATE_TRANSITIONS HSRP2
        "An Active router stays so under a Coup of lower priority.";
    "hsrp2.active.standby-higher" Should Wire STATE_TRANSITIONS HSRP2 ["hsrp2.group.active.standby-higher"]
        "An Active router stays so under Hellos of higher priority from the Standby router.";
    "hsrp2.active.standby-lower" Should Wire STATE_TRANSITIONS HSRP2 ["hsrp2.group.active.standby-lower"]
        "An Active router stays so under Hellos of lower priority from the Standby router.";
    "hsrp2.active.active-timer-ignored" Should Wire STATE_TRANSITIONS HSRP2 ["hsrp2.group.active.active-timer"]
        "An Active router does nothing when the Active timer, started before it took over, expires.";
    "hsrp2.active.standby-timer-ignored" Should Wire STATE_TRANSITIONS HSRP2 ["hsrp2.group.active.standby-timer"]
        "An Active router does nothing when the Standby timer expires.";
    "hsrp2.active.speak-higher-ignored" Should Wire STATE_TRANSITIONS HSRP2 ["hsrp2.group.active.speak-higher"]
        "An Active router does nothing about a Hello of higher priority with Speak.";
    "hsrp2.active.speak-lower-ignored" Should Wire STATE_TRANSITIONS HSRP2
        "An Active router does nothing about a Hello of lower priority with Speak.";
    "hsrp2.active.resign-ignored" Should Wire STATE_TRANSITIONS HSRP2 ["hsrp2.group.active.resign"]
        "An Active router stays so under a Resign.";
    "hsrp2.active.resign-answered" Info Wire CISCO HSRP2
        "An Active router answers a Resign with a Coup, a Hello and gratuitous ARP, or does not.";
    "hsrp2.active.independent" Should Wire GROUPS HSRP2
        "What a router hears for one group changes neither state, timers nor addresses of another.";
};

pub(super) const V1_SHUTDOWN: &[Requirement] = requirements! {
    "hsrp1.shutdown.learn" Must WireAndConfiguration STATE_TRANSITIONS HSRP1 ["hsrp1.group.learn.disabled"]
        "A router that is disabled in Learn sends nothing.";
    "hsrp1.shutdown.listen" Must WireAndConfiguration STATE_TRANSITIONS HSRP1 ["hsrp1.group.listen.disabled"]
        "A router that is disabled in Listen sends nothing, and speaks no more when it hears nobody.";
    "hsrp1.shutdown.speak" Must WireAndConfiguration STATE_TRANSITIONS HSRP1 ["hsrp1.group.speak.disabled"]
        "A router that is disabled in Speak sends neither a Resign nor another Hello.";
    "hsrp1.shutdown.standby" Must WireAndConfiguration STATE_TRANSITIONS HSRP1 ["hsrp1.group.standby.disabled"]
        "A router that is disabled in Standby sends neither a Resign nor another Hello.";
    "hsrp1.shutdown.active-resigns" Must WireAndConfiguration STATE_TRANSITIONS HSRP1 ["hsrp1.group.active.disabled"]
        "A router that is disabled in Active sends a Resign.";
    "hsrp1.shutdown.active-silent" Must WireAndConfiguration STATE_TRANSITIONS HSRP1 ["hsrp1.group.active.disabled"]
        "A router that was disabled in Active sends nothing after its Resign.";
    "hsrp1.shutdown.once" Should WireAndConfiguration STATE_TRANSITIONS HSRP1 ["hsrp1.group.active.disabled"]
        "A router that is disabled in Active sends exactly one Resign.";
    "hsrp1.shutdown.unanswered" Should WireAndConfiguration VIRTUAL_ROUTER HSRP1
        "A router that was disabled answers ARP for the virtual address no more.";
};

pub(super) const V2_SHUTDOWN: &[Requirement] = requirements! {
    "hsrp2.shutdown.learn" Should WireAndConfiguration STATE_TRANSITIONS HSRP2 ["hsrp2.group.learn.disabled"]
        "A router that is disabled in Learn sends nothing.";
    "hsrp2.shutdown.listen" Should WireAndConfiguration STATE_TRANSITIONS HSRP2 ["hsrp2.group.listen.disabled"]
        "A router that is disabled in Listen sends nothing, and speaks no more when it hears nobody.";
    "hsrp2.shutdown.speak" Should WireAndConfiguration STATE_TRANSITIONS HSRP2 ["hsrp2.group.speak.disabled"]
        "A router that is disabled in Speak sends neither a Resign nor another Hello.";
    "hsrp2.shutdown.standby" Should WireAndConfiguration STATE_TRANSITIONS HSRP2 ["hsrp2.group.standby.disabled"]
        "A router that is disabled in Standby sends neither a Resign nor another Hello.";
    "hsrp2.shutdown.active-resigns" Should WireAndConfiguration STATE_TRANSITIONS HSRP2
        ["hsrp2.group.active.disabled"]
        "A router that is disabled in Active sends a Resign.";
    "hsrp2.shutdown.active-silent" Should WireAndConfiguration STATE_TRANSITIONS HSRP2 ["hsrp2.group.active.disabled"]
        "A router that was disabled in Active sends nothing after its Resign.";
    "hsrp2.shutdown.once" Should WireAndConfiguration STATE_TRANSITIONS HSRP2 ["hsrp2.group.active.disabled"]
        "A router that is disabled in Active sends exactly one Resign.";
    "hsrp2.shutdown.unanswered" Should WireAndConfiguration VIRTUAL_ROUTER HSRP2
        "A router that was disabled answers ARP for the virtual address no more.";
};

pub(super) const V1_LEARNING: &[Requirement] = requirements! {
    "hsrp1.learning.virtual-address" May WireAndConfiguration LEARNING HSRP1
        "A router without a configured virtual address learns it from the Active router, or does not.";
    "hsrp1.learning.virtual-address-authenticated" Should WireAndConfiguration LEARNING HSRP1
        "A virtual address is learned from an authenticated Hello only.";
    "hsrp1.learning.virtual-address-configured" Should WireAndConfiguration LEARNING HSRP1
        "A virtual address that is configured is kept, whatever the Active router tells.";
    "hsrp1.learning.times" May WireAndConfiguration LEARNING HSRP1
        "A router without configured times learns Hellotime and Holdtime from the Active router, or does not.";
    "hsrp1.learning.times-authenticated" Should WireAndConfiguration LEARNING HSRP1
        "Hellotime and Holdtime are learned from an authenticated Hello only.";
    "hsrp1.learning.times-configured" Should WireAndConfiguration LEARNING HSRP1
        "Hellotime and Holdtime that are configured are kept, whatever the Active router tells.";
    "hsrp1.learning.from-active-only" Should WireAndConfiguration LEARNING HSRP1
        "Nothing is learned from Hellos of routers that are not Active.";
    "hsrp1.learning.lower-unlearned" Should WireAndConfiguration STATE_TRANSITIONS HSRP1
        ["hsrp1.group.listen.active-lower"]
        "Once it has left Learn, a router learns nothing from an Active router of lower priority.";
    "hsrp1.learning.active-keeps" Must WireAndConfiguration ACTIVE_TIMES HSRP1
        "An Active router learns neither Hellotime nor Holdtime from another.";
    "hsrp1.learning.active-continues" May WireAndConfiguration ACTIVE_TIMES HSRP1
        "A router that becomes Active goes on with the times it has learned, or takes its own.";
    "hsrp1.learning.not-mixed" Must WireAndConfiguration ACTIVE_TIMES HSRP1
        "An Active router never uses one time that is configured and one that is learned.";
};

pub(super) const V2_LEARNING: &[Requirement] = requirements! {
    "hsrp2.learning.virtual-address" May WireAndConfiguration LEARNING HSRP2
        "A router without a configured virtual address learns it from the Active router, or does not.";
    "hsrp2.learning.virtual-address-authenticated" Should WireAndConfiguration LEARNING HSRP2
        "A virtual address is learned from an authenticated Hello only.";
    "hsrp2.learning.virtual-address-configured" Should WireAndConfiguration LEARNING HSRP2
        "A virtual address that is configured is kept, whatever the Active router tells.";
    "hsrp2.learning.times" May WireAndConfiguration LEARNING HSRP2
        "A router without configured times learns Hellotime and Holdtime from the Active router, or does not.";
    "hsrp2.learning.times-authenticated" Should WireAndConfiguration LEARNING HSRP2
        "Hellotime and Holdtime are learned from an authenticated Hello only.";
    "hsrp2.learning.times-configured" Should WireAndConfiguration LEARNING HSRP2
        "Hellotime and Holdtime that are configured are kept, whatever the Active router tells.";
    "hsrp2.learning.from-active-only" Should WireAndConfiguration LEARNING HSRP2
        "Nothing is learned from Hellos of routers that are not Active.";
    "hsrp2.learning.lower-unlearned" Should WireAndConfiguration STATE_TRANSITIONS HSRP2
        ["hsrp2.group.listen.active-lower"]
        "Once it has left Learn, a router learns nothing from an Active router of lower priority.";
    "hsrp2.learning.active-keeps" Should WireAndConfiguration ACTIVE_TIMES HSRP2
        "An Active router learns neither Hellotime nor Holdtime from another.";
    "hsrp2.learning.active-continues" May WireAndConfiguration ACTIVE_TIMES HSRP2
        "A router that becomes Active goes on with the times it has learned, or takes its own.";
    "hsrp2.learning.not-mixed" Should WireAndConfiguration ACTIVE_TIMES HSRP2
        "An Active router never uses one time that is configured and one that is learned.";
};
