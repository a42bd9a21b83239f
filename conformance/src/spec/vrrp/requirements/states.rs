//! The state machine of a virtual router, and its timers.

use super::requirements;
use crate::spec::Requirement;

pub(super) const V2_TIMERS: &[Requirement] = requirements! {
    "vrrp2.timers.down-interval" Must Wire PARAMETERS VRRP2 ["vrrp2.router.backup.timeout"]
        "Master_Down_Interval is three Advertisement_Intervals and Skew_Time.";
    "vrrp2.timers.skew" Must Wire PARAMETERS VRRP2 ["vrrp2.router.backup.priority-zero"]
        "Skew_Time is 256 less the router's priority, in parts of 256 of a second.";
    "vrrp2.timers.skew-unscaled" Must Wire PARAMETERS VRRP2 ["vrrp2.router.backup.timeout"]
        "Skew_Time is the same at every Advertisement_Interval.";
    "vrrp2.timers.own-interval" Must Wire ADVERTISING VRRP2 ["vrrp2.router.active.timeout"]
        "A Master sends at its own Advertisement_Interval, whatever others have advertised before.";
};

pub(super) const V3_TIMERS: &[Requirement] = requirements! {
    "vrrp3.timers.down-interval" Must Wire PARAMETERS VRRP3 ["vrrp3.router.backup.timeout"]
        "Active_Down_Interval is three Active_Adver_Intervals and Skew_Time.";
    "vrrp3.timers.skew" Must Wire PARAMETERS VRRP3 ["vrrp3.router.backup.priority-zero"]
        "Skew_Time is 256 less the router's priority, in parts of 256 of Active_Adver_Interval.";
    "vrrp3.timers.skew-scaled" Must Wire PARAMETERS VRRP3 ["vrrp3.router.backup.timeout"]
        "Skew_Time grows and shrinks with Active_Adver_Interval.";
    "vrrp3.timers.learned" Must Wire BACKUP VRRP3 ["vrrp3.router.backup.not-lower"]
        "A Backup times out by the interval of the advertisement that restarted its timer, not by its own.";
    "vrrp3.timers.initial-interval" Must WireAndConfiguration INITIALIZE VRRP3 ["vrrp3.router.initialize.startup"]
        "Until it has heard an advertisement, a Backup times out by its own Advertisement_Interval.";
    "vrrp3.timers.priority-zero-interval" Should Wire BACKUP VRRP3 ["vrrp3.router.backup.priority-zero"]
        "The interval of an advertisement with priority 0 is not learned: Skew_Time follows from the one before.";
    "vrrp3.timers.own-interval" Must Wire ADVERTISING VRRP3 ["vrrp3.router.active.timeout"]
        "An Active router sends, and tells, its own Advertisement_Interval and not the one it learned as Backup.";
};

pub(super) const V2_STARTUP: &[Requirement] = requirements! {
    "vrrp2.startup.owner" Must WireAndConfiguration INITIALIZE VRRP2 ["vrrp2.router.initialize.owner"]
        "An owner that starts sends an advertisement with priority 255 at once and is Master.";
    "vrrp2.startup.announces" Must WireAndConfiguration INITIALIZE VRRP2 ["vrrp2.router.initialize.owner"]
        "An owner that starts broadcasts a gratuitous ARP with the virtual MAC address for each virtual address.";
    "vrrp2.startup.waits" Must WireAndConfiguration INITIALIZE VRRP2 ["vrrp2.router.initialize.startup"]
        "A router that starts and is no owner is Backup, and silent for Master_Down_Interval.";
    "vrrp2.startup.owner-preempts" Must WireAndConfiguration PARAMETERS VRRP2 ["vrrp2.router.initialize.owner"]
        "An owner that starts takes over from any Master, also if Preempt_Mode is False.";
};

pub(super) const V3_STARTUP: &[Requirement] = requirements! {
    "vrrp3.startup.owner" Must WireAndConfiguration INITIALIZE VRRP3 ["vrrp3.router.initialize.owner"]
        "An owner that starts sends an advertisement with priority 255 at once and is Active.";
    "vrrp3.startup.announces" Must WireAndConfiguration INITIALIZE VRRP3 ["vrrp3.router.initialize.owner"]
        "An owner that starts sends a gratuitous ARP or an unsolicited NA for each virtual address.";
    "vrrp3.startup.waits" Must WireAndConfiguration INITIALIZE VRRP3 ["vrrp3.router.initialize.startup"]
        "A router that starts and is no owner is Backup, and silent for Active_Down_Interval.";
    "vrrp3.startup.owner-preempts" Must WireAndConfiguration PARAMETERS VRRP3 ["vrrp3.router.initialize.owner"]
        "An owner that starts takes over from any Active router, also if Preempt_Mode is False.";
};

pub(super) const V2_BACKUP: &[Requirement] = requirements! {
    "vrrp2.backup.silent" Must Wire BACKUP VRRP2 ["vrrp2.router.backup.not-lower"]
        "A Backup that hears a Master of higher priority sends no advertisement and no gratuitous ARP.";
    "vrrp2.backup.takeover-time" Must Wire BACKUP VRRP2 ["vrrp2.router.backup.timeout"]
        "A Backup becomes Master and advertises one Master_Down_Interval after the last advertisement that counts.";
    "vrrp2.backup.not-early" Must Wire BACKUP VRRP2 ["vrrp2.router.backup.timeout"]
        "A Backup does not take over before Master_Down_Interval is over.";
    "vrrp2.backup.priority-zero" Must Wire BACKUP VRRP2 ["vrrp2.router.backup.priority-zero"]
        "After an advertisement with priority 0, a Backup takes over one Skew_Time later.";
    "vrrp2.backup.not-lower" Must Wire BACKUP VRRP2 ["vrrp2.router.backup.not-lower"]
        "An advertisement of higher priority starts a Backup's wait anew.";
    "vrrp2.backup.equal" Must Wire BACKUP VRRP2 ["vrrp2.router.backup.not-lower"]
        "An advertisement of equal priority starts a Backup's wait anew, from a greater address or a smaller one.";
    "vrrp2.backup.lower-discarded" Must Wire BACKUP VRRP2 ["vrrp2.router.backup.lower"]
        "With Preempt_Mode, a Backup takes over although advertisements of lower priority keep coming.";
    "vrrp2.backup.no-preemption" Must WireAndConfiguration BACKUP VRRP2 ["vrrp2.router.backup.no-preemption"]
        "Without Preempt_Mode, an advertisement of lower priority starts a Backup's wait anew.";
    "vrrp2.backup.timer-restarts" Must Wire BACKUP VRRP2 ["vrrp2.router.backup.not-lower"]
        "After priority 0, another advertisement within Skew_Time makes a Backup wait for Master_Down_Interval again.";
};

pub(super) const V3_BACKUP: &[Requirement] = requirements! {
    "vrrp3.backup.silent" Must Wire BACKUP VRRP3 ["vrrp3.router.backup.not-lower"]
        "A Backup that hears a router of higher priority sends no advertisement, gratuitous ARP or unsolicited NA.";
    "vrrp3.backup.takeover-time" Must Wire BACKUP VRRP3 ["vrrp3.router.backup.timeout"]
        "A Backup becomes Active and advertises one Active_Down_Interval after the last advertisement that counts.";
    "vrrp3.backup.not-early" Must Wire BACKUP VRRP3 ["vrrp3.router.backup.timeout"]
        "A Backup does not take over before Active_Down_Interval is over.";
    "vrrp3.backup.priority-zero" Must Wire BACKUP VRRP3 ["vrrp3.router.backup.priority-zero"]
        "After an advertisement with priority 0, a Backup takes over one Skew_Time later.";
    "vrrp3.backup.not-lower" Must Wire BACKUP VRRP3 ["vrrp3.router.backup.not-lower"]
        "An advertisement of higher priority starts a Backup's wait anew.";
    "vrrp3.backup.equal" Must Wire BACKUP VRRP3 ["vrrp3.router.backup.not-lower"]
        "An advertisement of equal priority starts a Backup's wait anew, from a greater address or a smaller one.";
    "vrrp3.backup.lower-discarded" Must Wire BACKUP VRRP3 ["vrrp3.router.backup.lower"]
        "With Preempt_Mode, a Backup takes over although advertisements of lower priority keep coming.";
    "vrrp3.backup.lower-not-learned" Must Wire BACKUP VRRP3 ["vrrp3.router.backup.lower"]
        "With Preempt_Mode, a Backup does not learn the interval of an advertisement of lower priority.";
    "vrrp3.backup.no-preemption" Must WireAndConfiguration BACKUP VRRP3 ["vrrp3.router.backup.no-preemption"]
        "Without Preempt_Mode, an advertisement of lower priority starts a Backup's wait anew.";
    "vrrp3.backup.timer-restarts" Must Wire BACKUP VRRP3 ["vrrp3.router.backup.not-lower"]
        "After priority 0, another advertisement within Skew_Time makes a Backup wait for Active_Down_Interval again.";
};

pub(super) const V2_ACTIVE: &[Requirement] = requirements! {
    "vrrp2.active.interval" Must Wire ACTIVE VRRP2 ["vrrp2.router.active.timeout"]
        "A Master sends an advertisement every Advertisement_Interval.";
    "vrrp2.active.interval-mean" Should Wire ACTIVE VRRP2
        "A Master's advertisements do not drift: over many of them, the mean interval is the one that is configured.";
    "vrrp2.active.priority-zero" Must Wire ACTIVE VRRP2 ["vrrp2.router.active.priority-zero"]
        "A Master that gets priority 0 sends an advertisement at once.";
    "vrrp2.active.priority-zero-timer" Must Wire ACTIVE VRRP2 ["vrrp2.router.active.priority-zero"]
        "After its answer to priority 0, a Master waits a whole Advertisement_Interval for its next advertisement.";
    "vrrp2.active.yields" Must Wire ACTIVE VRRP2 ["vrrp2.router.active.higher"]
        "A Master that hears a higher priority becomes Backup and is silent.";
    "vrrp2.active.tie-greater" Must Wire ACTIVE VRRP2 ["vrrp2.router.active.equal-greater"]
        "A Master yields to equal priority from a greater address, compared as unsigned in network byte order.";
    "vrrp2.active.tie-smaller" Must Wire ACTIVE VRRP2 ["vrrp2.router.active.not-better"]
        "A Master stays so under equal priority from a smaller address, or from its own.";
    "vrrp2.active.lower-ignored" Must Wire ACTIVE VRRP2 ["vrrp2.router.active.not-better"]
        "A Master stays so under advertisements of lower priority, and keeps its interval.";
    "vrrp2.active.lower-unanswered" Should Wire ACTIVE VRRP2 ["vrrp2.router.active.not-better"]
        "A Master sends no advertisement on account of one that is not better.";
    "vrrp2.active.preempt-ignored" Must WireAndConfiguration ACTIVE VRRP2 ["vrrp2.router.active.higher"]
        "A Master yields to a higher priority also if its Preempt_Mode is False.";
    "vrrp2.active.returns" Must Wire ADVERTISING VRRP2 ["vrrp2.router.active.higher"]
        "A Master that yields to one advertisement is back after Master_Down_Interval without another.";
    "vrrp2.active.gratuitous-arp" Must Wire BACKUP VRRP2 ["vrrp2.router.backup.timeout"]
        "A Backup that becomes Master sends a gratuitous ARP for each virtual address.";
    "vrrp2.active.announcement-order" Info Wire BACKUP VRRP2
        "The gratuitous ARP of a new Master comes behind its first advertisement, or before it.";
    "vrrp2.active.independent" Must Wire STATES VRRP2
        "What one virtual router hears changes nothing in another one.";
};

pub(super) const V3_ACTIVE: &[Requirement] = requirements! {
    "vrrp3.active.interval" Must Wire ACTIVE VRRP3 ["vrrp3.router.active.timeout"]
        "An Active router sends an advertisement every Advertisement_Interval.";
    "vrrp3.active.interval-mean" Should Wire ACTIVE VRRP3
        "An Active router's advertisements do not drift: over many of them, the mean interval is the one configured.";
    "vrrp3.active.steady-under-load" Should WireAndConfiguration SUB_SECOND VRRP3
        "At a short interval, an Active router that is busy still advertises before its Backups time out.";
    "vrrp3.active.priority-zero" Must Wire ACTIVE VRRP3 ["vrrp3.router.active.priority-zero"]
        "An Active router that gets priority 0 sends an advertisement at once.";
    "vrrp3.active.priority-zero-timer" Must Wire ACTIVE VRRP3 ["vrrp3.router.active.priority-zero"]
        "After its answer to priority 0, an Active router waits a whole Advertisement_Interval for the next.";
    "vrrp3.active.yields" Must Wire ACTIVE VRRP3 ["vrrp3.router.active.higher"]
        "An Active router that hears a higher priority becomes Backup and is silent.";
    "vrrp3.active.yields-learning" Must Wire ACTIVE VRRP3 ["vrrp3.router.active.higher"]
        "An Active router that yields times out by the interval of the advertisement that it yields to.";
    "vrrp3.active.tie-greater" Must Wire ACTIVE VRRP3 ["vrrp3.router.active.equal-greater"]
        "An Active router yields to equal priority from a greater address, unsigned and in network byte order.";
    "vrrp3.active.tie-smaller" Must Wire ACTIVE VRRP3
        ["vrrp3.router.active.not-better", "vrrp3.router.active.not-better-answered"]
        "An Active router stays so under equal priority from a smaller address, or from its own.";
    "vrrp3.active.lower-ignored" Must Wire ACTIVE VRRP3
        ["vrrp3.router.active.not-better", "vrrp3.router.active.not-better-answered"]
        "An Active router stays so under advertisements of lower priority, and keeps its interval.";
    "vrrp3.active.lower-answered" Must Wire ACTIVE ONLY_9568 ["vrrp3.router.active.not-better-answered"]
        "An Active router answers an advertisement that is not better with one of its own, at once.";
    "vrrp3.active.lower-unanswered" Info Wire ACTIVE ONLY_5798 ["vrrp3.router.active.not-better"]
        "An Active router answers an advertisement that is not better, or does not.";
    "vrrp3.active.preempt-ignored" Must WireAndConfiguration ACTIVE VRRP3 ["vrrp3.router.active.higher"]
        "An Active router yields to a higher priority also if its Preempt_Mode is False.";
    "vrrp3.active.returns" Must Wire ADVERTISING VRRP3 ["vrrp3.router.active.higher"]
        "An Active router that yields to one advertisement is back after Active_Down_Interval without another.";
    "vrrp3.active.gratuitous-arp" Must Wire BACKUP VRRP3 ["vrrp3.router.backup.timeout"]
        "A Backup that becomes Active sends a gratuitous ARP for each virtual IPv4 address.";
    "vrrp3.active.unsolicited-na" Must Wire BACKUP VRRP3 ["vrrp3.router.backup.timeout"]
        "A Backup that becomes Active sends an unsolicited NA for each virtual IPv6 address.";
    "vrrp3.active.announcement-order" Info Wire BACKUP VRRP3
        "Gratuitous ARP or unsolicited NA of a new Active router come behind its first advertisement, or before it.";
    "vrrp3.active.independent" Must Wire STATES VRRP3
        "What one virtual router hears changes nothing in another one.";
    "vrrp3.active.families-independent" Must Wire OVERVIEW VRRP3
        "Virtual routers of one VRID over IPv4 and over IPv6 are two, and neither hears what is for the other.";
    "vrrp3.active.queueing-logged" Should No ("logs are not on the wire") SUB_SECOND VRRP3
        "An Active router logs that its own queues delay advertisements until Backups take over and yield again.";
    "vrrp3.active.sends-first" Should No ("a router's queues are its own") SUB_SECOND ONLY_5798
        "Advertisements are considered for being sent before other traffic.";
};

pub(super) const V2_SHUTDOWN: &[Requirement] = requirements! {
    "vrrp2.shutdown.backup-silent" Must WireAndConfiguration BACKUP VRRP2 ["vrrp2.router.backup.shutdown"]
        "A Backup that is stopped sends nothing, no advertisement with priority 0 either.";
    "vrrp2.shutdown.priority-zero" Must WireAndConfiguration ACTIVE VRRP2 ["vrrp2.router.active.shutdown"]
        "A Master that is stopped sends an advertisement with priority 0.";
    "vrrp2.shutdown.once" Should WireAndConfiguration ACTIVE VRRP2 ["vrrp2.router.active.shutdown"]
        "A Master that is stopped sends exactly one advertisement with priority 0.";
    "vrrp2.shutdown.silent" Must WireAndConfiguration ACTIVE VRRP2 ["vrrp2.router.active.shutdown"]
        "After its advertisement with priority 0, a router that was stopped advertises nothing more.";
    "vrrp2.shutdown.unanswered" Should WireAndConfiguration ACTIVE VRRP2
        "A router that was stopped and is no owner answers ARP for the virtual addresses no more.";
};

pub(super) const V3_SHUTDOWN: &[Requirement] = requirements! {
    "vrrp3.shutdown.backup-silent" Must WireAndConfiguration BACKUP VRRP3 ["vrrp3.router.backup.shutdown"]
        "A Backup that is stopped sends nothing, no advertisement with priority 0 either.";
    "vrrp3.shutdown.priority-zero" Must WireAndConfiguration ACTIVE VRRP3 ["vrrp3.router.active.shutdown"]
        "An Active router that is stopped sends an advertisement with priority 0.";
    "vrrp3.shutdown.once" Should WireAndConfiguration ACTIVE VRRP3 ["vrrp3.router.active.shutdown"]
        "An Active router that is stopped sends exactly one advertisement with priority 0.";
    "vrrp3.shutdown.silent" Must WireAndConfiguration ACTIVE VRRP3 ["vrrp3.router.active.shutdown"]
        "After its advertisement with priority 0, a router that was stopped advertises nothing more.";
    "vrrp3.shutdown.unanswered" Should WireAndConfiguration ACTIVE VRRP3
        "A router that was stopped and is no owner answers ARP or NS for the virtual addresses no more.";
};
