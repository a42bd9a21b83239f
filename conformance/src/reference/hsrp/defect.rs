//! Defects that no table row stands for: what a router writes, whom it answers, what it forwards.

use crate::reference::mutation::defects;

/// Where a defect can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Both versions.
    Both,
    /// Version 1.
    V1,
    /// Version 1 by RFC 2281 alone.
    Rfc2281,
    /// Where the router does what Cisco's do.
    Cisco,
    /// The same in version 1 alone.
    Cisco1,
    /// Version 2.
    V2,
}

defects! {
    /// Messages leave with TTL 64.
    WrongTtl "transmit" "ttl-64" Both;
    /// Messages go to all hosts.
    WrongDestination "transmit" "all-hosts" Both;
    /// Messages go to UDP port 1986.
    WrongPort "transmit" "port-1986" Both;
    /// Messages come from UDP port 1986.
    WrongSourcePort "transmit" "source-port-1986" V2;
    /// The UDP checksum is wrong.
    ChecksumWrong "transmit" "udp-checksum" Both;
    /// Messages go to the broadcast MAC address.
    BroadcastMac "transmit" "broadcast-mac" Both;
    /// The Active router's Hellos leave from the physical MAC address.
    PhysicalSource "transmit" "physical-source" Both;
    /// All messages leave from the virtual MAC address.
    VirtualSourceAlways "transmit" "virtual-source-always" Both;
    /// Messages leave from the virtual address.
    VirtualSourceAddress "transmit" "virtual-source-address" Both;
    /// The version is the next one.
    WrongVersion "transmit" "wrong-version" Both;
    /// Hellos carry Op Code 4.
    OpCodeThree "transmit" "op-code-4" Both;
    /// Hellos carry another state.
    StateOff "transmit" "wrong-state" Both;
    /// States are numbered as in the other version.
    OtherStateCodes "transmit" "other-state-codes" Both;
    /// Messages carry another group.
    WrongGroup "transmit" "wrong-group" Both;
    /// Messages carry a priority that is one lower.
    WrongPriority "transmit" "priority-minus-1" Both;
    /// Messages carry the router's own address in place of the virtual one.
    WrongVirtualAddress "transmit" "own-address" Both;
    /// Hellotime and Holdtime are zero.
    TimesZero "transmit" "times-zero" Both;
    /// Hellotime and Holdtime are always the defaults.
    TimesDefault "transmit" "times-default" Both;
    /// The Holdtime is the Hellotime.
    HoldtimeLow "transmit" "holdtime-is-hellotime" Both;
    /// Times are in seconds.
    TimesInSeconds "transmit" "times-in-seconds" V2;
    /// The identifier is the virtual MAC address.
    VirtualIdentifier "transmit" "virtual-identifier" V2;
    /// Only eight bits of the group are sent.
    EightBitGroup "transmit" "eight-bit-group" V2;
    /// Two octets follow the message.
    TrailingOctets "transmit" "two-octets-more" Both;
    /// The password is always the default.
    PasswordDefault "authentication" "password-default" Both;
    /// The digest is zero.
    DigestUnsealed "authentication" "digest-zero" Cisco;
    /// A password that begins with the own one, or with which the own one begins, is right.
    PasswordPrefix "authentication" "password-prefix" Both;
    /// An MD5 TLV with a wrong digest is right.
    DigestUnchecked "authentication" "digest-unchecked" Cisco;
    /// A message without an MD5 TLV is right.
    DigestOptional "authentication" "digest-optional" Cisco;
    /// The key id is not looked at.
    KeyIdUnchecked "authentication" "key-id-unchecked" Cisco;
    /// Only Hellos are authenticated.
    OnlyHellosAuthenticated "authentication" "only-hellos" Both;
    /// Priorities are compared as signed numbers.
    SignedPriority "election" "signed-priority" Both;
    /// Only eight bits of the priority are compared.
    EightBitPriority "election" "eight-bit-priority" V2;
    /// Equal priority is never higher.
    TieIgnored "election" "tie-ignored" Both;
    /// At equal priority the lower address wins.
    TieReversed "election" "tie-reversed" Both;
    /// Addresses are compared from their last octet.
    LittleEndianAddress "election" "little-endian-address" Both;
    /// A Coup of whatever priority counts.
    AnyCoup "election" "any-coup" Both;
    /// A Resign of whomever counts.
    AnyResign "election" "any-resign" Both;
    /// Timers that expire together are taken in the order that leads nowhere.
    DeadEnd "timers" "dead-end" Both;
    /// Timers run for the own Holdtime, whatever the Hello says.
    OwnHoldtime "timers" "own-holdtime" Both;
    /// Timers run for two Hellotimes.
    HelloForHold "timers" "two-hellotimes" Both;
    /// The Hello timer is not jittered.
    NoJitter "timers" "no-jitter" Both;
    /// Hellos come every one and a half Hellotimes.
    HelloTooSlow "timers" "hello-slow" Both;
    /// The delay before preemption is not kept.
    NoPreemptDelay "timers" "no-preempt-delay" Both;
    /// A configured virtual address counts as unknown at the start.
    ConfiguredUnknown "learning" "configured-unknown" Both;
    /// The virtual address is never learned.
    NeverLearnsAddress "learning" "never-address" Both;
    /// What is configured is overwritten by what is heard.
    LearnsConfigured "learning" "configured-too" Both;
    /// A Holdtime is learned beside a Hellotime that is configured.
    MixesTimes "learning" "mixes-times" Both;
    /// A message of another group counts.
    AnyGroup "reception" "any-group" Both;
    /// What is heard in one group counts in all.
    SharedState "reception" "shared-state" Both;
    /// Messages of the other version count.
    OtherVersionTaken "reception" "other-version" Both;
    /// The router dies of a message that is too short.
    DiesOfShort "reception" "dies-of-short" Both;
    /// The router dies after a hundred messages that it discards.
    DiesOfFlood "reception" "dies-of-flood" Both;
    /// Hellos go on after the Resign.
    StopsLate "shutdown" "hello-after-resign" Both;
    /// Gratuitous ARP comes three seconds late.
    AnnouncesLate "announce" "late" Both;
    /// The physical MAC address is told.
    AnnouncesPhysical "announce" "physical" Both;
    /// Gratuitous ARP leaves from the physical MAC address.
    AnnouncesFromPhysical "announce" "from-physical" Both;
    /// Gratuitous ARP is a request.
    AnnouncesByRequest "announce" "request" Both;
    /// Unsolicited Neighbor Advertisements have no Router flag.
    AnnouncedWithoutRouter "announce" "no-router-flag" V2;
    /// Unsolicited Neighbor Advertisements have no Override flag.
    NoOverrideFlag "announce" "no-override-flag" V2;
    /// The Active router does not answer for the virtual address.
    ActiveSilent "address" "active-silent" Both;
    /// Who is not Active answers for the virtual address.
    OthersAnswer "address" "others-answer" Both;
    /// The Active router answers with the physical MAC address.
    AnswersPhysical "address" "physical" Both;
    /// Proxy ARP gives the physical MAC address.
    ProxyPhysical "address" "proxy-physical" Both ["hsrp.proxy_arp" = "yes"];
    /// Proxy ARP is for the Active router alone.
    ProxyByState "address" "proxy-by-state" Both ["hsrp.proxy_arp" = "yes"];
    /// The answer to a Neighbor Solicitation has no Router flag.
    NoRouterFlag "address" "no-router-flag" V2;
    /// The Active router does not forward.
    ActiveDoesNotForward "forwarding" "active-does-not" Both;
    /// Who is not Active forwards what comes to the virtual MAC address.
    OthersForward "forwarding" "others-do" Both;
    /// The router sends redirects.
    Redirects "forwarding" "redirects" Both;
    /// The TTL is kept.
    TtlKept "forwarding" "ttl-kept" Both;
    /// No Router Advertisement takes the router back when it is no longer Active.
    NoFarewell "forwarding" "no-farewell" V2 ["hsrp.router_advertisements" = "yes"];
    /// The priority that tracking leaves counts, and is not sent.
    TrackingUnsent "tracking" "unsent" Both;
    /// Tracking does not change the priority.
    TrackingIgnored "tracking" "ignored" Both;
    /// It never tells of its groups.
    InterfaceStateSilent "interface-state" "silent" Cisco;
    /// It counts its groups the wrong way round.
    InterfaceStateReversed "interface-state" "reversed" Cisco;
    /// It tells of its groups once, at the start.
    InterfaceStateOnce "interface-state" "once" Cisco;
    /// The state of the interface stands in the messages of groups too.
    InterfaceStateTogether "interface-state" "together" V2;
    /// Coups and Resigns carry priority 0 and no virtual address.
    LeanCoup "transmit" "coup-lean" Both;
    /// The IP version is that of the other family.
    OtherIpVersion "transmit" "ip-version" V2;
    /// Where no password is configured, none is sent.
    NoDefaultPassword "transmit" "no-default-password" V1;
    /// Behind the password there are blanks.
    PasswordBlanks "authentication" "password-blanks" Both;
    /// The default password stands beside the digest.
    PasswordBesideDigest "authentication" "password-beside-digest" Cisco1;
    /// An MD5 Authentication has no sender.
    DigestOfNobody "authentication" "digest-of-nobody" Cisco;
    /// Hellos come three times in each Hellotime.
    HelloTooFast "timers" "hello-fast" Both;
    /// Hellos come a tenth of the Hellotime late.
    HelloLate "timers" "hello-late" Both;
    /// Any Holdtime is taken.
    AnyHoldtime "configuration" "any-holdtime" Both;
    /// The own address is taken as the virtual one.
    OwnVirtualAddress "configuration" "own-virtual-address" Both;
    /// The virtual address of one group is taken for another.
    SharedVirtualAddress "configuration" "shared-virtual-address" Both;
    /// Where none are configured, Hellotime is 1 and Holdtime 4 seconds.
    OtherDefaultTimes "configuration" "other-default-times" Both;
    /// It learns from Hellos of routers that are not Active, too.
    LearnsFromOthers "learning" "from-others" Both;
    /// It learns while it is Active.
    LearnsAsActive "learning" "as-active" Both;
    /// It learns from an Active router of lower priority wherever it hears one.
    LearnsFromLower "learning" "from-lower" Both;
    /// A message without a UDP checksum is discarded.
    ChecksumRequired "reception" "checksum-required" Both;
    /// An Active router's Hello counts only if it comes from the virtual MAC address.
    VirtualSourceRequired "reception" "virtual-source-required" Both;
    /// Who tells that a group of his is Active is taken for the Active router of this one.
    InterfaceStateTaken "reception" "interface-state-taken" Both;
    /// The router dies of an interface's state of another length.
    DiesOfInterfaceState "reception" "dies-of-interface-state" Both;
    /// The router dies of a datagram that fills the link.
    DiesOfLong "reception" "dies-of-long" Both;
    /// The router's own messages count when they come back.
    OwnTaken "reception" "own-taken" Both;
    /// A password in another case is right.
    PasswordCase "authentication" "password-case" Both;
    /// No password is right.
    PasswordEmpty "authentication" "password-empty" Both;
    /// The default password is right too.
    PasswordDefaultToo "authentication" "password-default-too" Both;
    /// Only Hellos and Coups are authenticated.
    ResignUnauthenticated "authentication" "resign-unauthenticated" Both;
    /// Of a digest only the first octet is looked at.
    DigestBegin "authentication" "digest-begin" Cisco;
    /// The Holdtime is no part of the digest.
    DigestWithoutHoldtime "authentication" "digest-without-holdtime" Cisco;
    /// An MD5 TLV that is cut short is right.
    DigestCut "authentication" "digest-cut" Cisco;
    /// Gratuitous ARP goes to Cisco's multicast address alone.
    AnnouncesToFew "announce" "to-few" Both;
    /// Gratuitous ARP is for the router's own address.
    AnnouncesOwnAddress "announce" "own-address" Both;
    /// Every other answer gives the physical MAC address.
    AnswersPhysicalSometimes "address" "physical-sometimes" Both;
    /// Who was Active answers for the virtual address ever after.
    AnswersEverAfter "address" "ever-after" Both;
    /// Who was Active forwards what comes to the virtual MAC address ever after.
    ForwardsEverAfter "forwarding" "ever-after" Both;
    /// Each packet is forwarded twice.
    ForwardsTwice "forwarding" "twice" Both;
    /// What is sent to the group of HSRP is forwarded.
    ForwardsMulticast "forwarding" "multicast" Both;
    /// Who is not Active sends redirects.
    OthersRedirect "forwarding" "others-redirect" Both;
    /// A router on which HSRP is disabled answers for the virtual address.
    AnswersDisabled "address" "disabled-answers" Both;
    /// A router on which HSRP is disabled forwards what comes to the virtual MAC address.
    ForwardsDisabled "forwarding" "disabled-forwards" Both;
}
