//! Defects that no table row stands for: what a router writes, whom it answers, what it forwards.

use crate::reference::mutation::defects;

/// Of which version, or where, a defect can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Both.
    Both,
    /// Version 2.
    V2,
    /// Version 2 with RFC 2338's authentication.
    Authentication,
    /// Version 3.
    V3,
    /// All but RFC 2338, which does not ask for the opposite.
    Not2338,
    /// RFC 5798.
    Rfc5798,
    /// RFC 9568.
    Rfc9568,
}

defects! {
    /// Advertisements leave with TTL 1.
    TtlOne "transmit" "ttl-1" Both;
    /// Advertisements leave with TTL 254.
    Ttl254 "transmit" "ttl-254" Both;
    /// Advertisements go to all routers (group 2).
    WrongDestination "transmit" "all-routers" Both;
    /// Advertisements go to the broadcast MAC address.
    BroadcastMac "transmit" "broadcast-mac" Both;
    /// Advertisements leave from the physical MAC address.
    PhysicalSource "transmit" "physical-source" Both;
    /// The advertisement with priority 0 leaves from the physical MAC address.
    ReleasePhysicalSource "transmit" "release-physical-source" Both;
    /// Advertisements leave from the MAC address of the other family.
    OtherFamilySource "transmit" "other-family-source" Both;
    /// Advertisements leave from a virtual address.
    VirtualSource "transmit" "virtual-source" Both;
    /// The source address changes from advertisement to advertisement.
    ChangingSource "transmit" "changing-source" Both ["vrrp.secondary_address" = "10.0.0.51"];
    /// Advertisements carry IP protocol 103.
    WrongProtocol "transmit" "protocol-103" Both;
    /// Advertisements carry version 4.
    VersionFour "transmit" "version-4" Both;
    /// Advertisements carry type 2.
    TypeTwo "transmit" "type-2" Both;
    /// Advertisements carry the next VRID.
    WrongVrid "transmit" "wrong-vrid" Both;
    /// Advertisements carry a priority that is one lower.
    WrongPriority "transmit" "priority-minus-1" Both;
    /// Advertisements carry one address less than there are.
    LastAddressMissing "transmit" "last-address-missing" Both;
    /// The count of addresses is one too high.
    CountTooHigh "transmit" "count-plus-1" Both;
    /// The first address is sent in place of each.
    FirstAddressAgain "transmit" "first-address-again" Both;
    /// Two octets follow the message.
    TrailingOctets "transmit" "two-octets-more" Both;
    /// The checksum is zero.
    ChecksumZero "transmit" "checksum-zero" Both;
    /// The checksum covers a pseudo-header where it must not, or none where it must.
    ChecksumOther "transmit" "checksum-other-form" Rfc9568;
    /// The checksum leaves out the authentication data, which are not zero.
    NonZeroAuthentication "transmit" "authentication-data" V2;
    /// Auth Type 1 without a password configured.
    AuthTypeOne "transmit" "auth-type-1" V2;
    /// The reserved bits are set.
    ReservedSet "transmit" "reserved" V3;
    /// The interval in the advertisement is twice the own.
    IntervalDoubled "transmit" "interval-doubled" Both;
    /// The interval in the advertisement is the one last learned.
    IntervalLearned "transmit" "interval-learned" V3;
    /// The interval is in the unit of the other version.
    IntervalOtherUnit "transmit" "interval-other-unit" Both;
    /// A global address comes first.
    GlobalFirst "transmit" "global-first" V3 ["vrrp.family" = "ipv6"];
    /// The password ends with blanks in place of zeros.
    PasswordWithBlanks "authentication" "password-with-blanks" Authentication;
    /// The password ends after seven characters.
    PasswordCut "authentication" "password-cut" Authentication;
    /// No password is right.
    PasswordRefused "authentication" "password-refused" Authentication;
    /// No Authentication Header is right.
    HeaderRefused "authentication" "header-refused" Authentication;
    /// The Authentication Header is sent without its data.
    HeaderUnsealed "authentication" "header-unsealed" Authentication;
    /// Only as much of the password is compared as was received.
    PasswordPrefix "authentication" "password-prefix" Authentication;
    /// The password is compared without regard to case.
    PasswordAnyCase "authentication" "password-any-case" Authentication;
    /// Where authentication is configured, messages without it are taken too.
    AuthenticationOptional "authentication" "optional" Authentication;
    /// An Authentication Header is taken whatever is in it.
    HeaderUnchecked "authentication" "header-unchecked" Authentication;
    /// Authentication data of type 0 have to be zero.
    ZeroDataDemanded "authentication" "zero-data-demanded" V2;
    /// With an Authentication Header the authentication data have to be zero.
    HeaderDataDemanded "authentication" "header-data-demanded" Authentication;
    /// The owner sends its configured priority.
    OwnerNot255 "configuration" "owner-not-255" Both;
    /// A priority of 0 or 255 is taken from someone who is not the owner.
    AnyPriority "configuration" "any-priority" Both;
    /// The default priority is 101.
    DefaultPriority "configuration" "default-priority" Both;
    /// The default interval is two seconds.
    DefaultInterval "configuration" "default-interval" Both;
    /// Preempt_Mode is off where nothing is said.
    DefaultPreempt "configuration" "default-preempt" Both;
    /// Accept_Mode is on where nothing is said.
    DefaultAccept "configuration" "default-accept" V3;
    /// A Backup validates what a Master takes unseen.
    BackupOnlyValidates "reception" "unvalidated-while-active" Both;
    /// A Master validates what a Backup takes unseen.
    ActiveOnlyValidates "reception" "unvalidated-while-backup" Both;
    /// Anything but the virtual router's MAC address as source is discarded.
    SourceMacDemanded "reception" "source-mac-demanded" Both;
    /// Reserved bits have to be zero.
    ReservedDemanded "reception" "reserved-demanded" V3;
    /// Reserved bits count as a part of the interval.
    ReservedCounted "reception" "reserved-counted" V3;
    /// An interval that is not the own is a reason to discard.
    IntervalDemanded "reception" "interval-demanded" V3;
    /// Addresses that are not the own are a reason to discard.
    AddressesDemanded "reception" "addresses-demanded" V3;
    /// Addresses that are not the own are a reason to discard, even if their owner sends them.
    AddressesDemandedOfOwner "reception" "addresses-demanded-of-owner" V2;
    /// Addresses are checked as Backup alone.
    AddressesSometimes "reception" "addresses-sometimes" V2;
    /// A message with IP options is read from octet 20 on.
    OptionsNotSkipped "reception" "ip-options-not-skipped" Both;
    /// An IPv4 packet with a wrong header checksum is taken.
    HeaderChecksumIgnored "reception" "ip-checksum-ignored" Both;
    /// A fragment is taken for the whole packet.
    FragmentsTaken "reception" "fragments-taken" Both;
    /// A frame is taken whatever VLAN its tags say.
    TagsIgnored "reception" "vlan-tags-ignored" Both;
    /// A message goes on to the end of the frame, not of the IP packet.
    PaddingCounted "reception" "padding-counted" Both;
    /// Messages of version 2 are taken although that is not configured.
    OtherVersionTaken "reception" "version-2-taken" V3;
    /// Priorities are compared as signed numbers.
    SignedPriority "election" "signed-priority" Both;
    /// Addresses are compared as little endian numbers.
    LittleEndianAddress "election" "little-endian-address" Both;
    /// Addresses are compared in their last octet alone.
    LastOctetAddress "election" "last-octet-address" Both;
    /// A Backup compares addresses too.
    BackupComparesAddresses "election" "backup-compares-addresses" Both;
    /// A Master without Preempt_Mode does not yield.
    PreemptWhileActive "election" "preempt-while-active" Both;
    /// An owner without Preempt_Mode waits as a Backup.
    OwnerWaits "election" "owner-waits" Both;
    /// An advertisement for one virtual router is taken for all.
    SharedState "election" "shared-state" Both;
    /// A VRID is taken from any port.
    AnyPort "election" "any-port" Both;
    /// Adver_Timer is not restarted but keeps its beat after an advertisement out of turn.
    BeatKept "timers" "beat-kept" Both;
    /// Each period is 2 % too long.
    Drifts "timers" "drifts" Both;
    /// Each period is a third too short.
    TooFast "timers" "too-fast" Both;
    /// The own interval is replaced by the one last learned.
    AdvertisesLearned "timers" "advertises-learned" V3;
    /// The learned interval is forgotten when priority 0 comes.
    SkewOfOwnInterval "timers" "skew-of-own-interval" V3;
    /// The interval of an advertisement with priority 0 is learned before Skew_Time is computed.
    SkewOfReceivedInterval "timers" "skew-of-received-interval" V3;
    /// Timers are cut to whole seconds.
    WholeSeconds "timers" "whole-seconds" Both;
    /// The interval is kept in eight bits.
    EightBitInterval "timers" "eight-bit-interval" V3;
    /// Skew_Time is left out.
    NoSkew "timers" "no-skew" Both;
    /// Two intervals and Skew_Time instead of three.
    TwoIntervals "timers" "two-intervals" Both;
    /// Skew_Time is Priority / 256, the wrong way round.
    SkewReversed "timers" "skew-reversed" Both;
    /// Skew_Time of the other version.
    SkewOtherVersion "timers" "skew-other-version" Both;
    /// ARP for a virtual address, or a Neighbor Solicitation, is answered with the physical MAC address.
    AnswersPhysical "addresses" "answers-physical" Both;
    /// Every other answer has the physical MAC address.
    AnswersPhysicalSometimes "addresses" "answers-physical-sometimes" Both;
    /// A Backup answers for the virtual addresses.
    BackupAnswers "addresses" "backup-answers" Both;
    /// A Master does not answer for the virtual addresses.
    ActiveSilent "addresses" "active-silent" Both;
    /// Only the first virtual address is answered for.
    AnswersFirstOnly "addresses" "answers-first-only" Both;
    /// Only the first virtual address is announced.
    AnnouncesFirstOnly "addresses" "announces-first-only" Both;
    /// Announcements carry the physical MAC address.
    AnnouncesPhysical "addresses" "announces-physical" Both;
    /// The physical MAC address is announced when the router starts.
    AnnouncesPhysicalAtBoot "addresses" "announces-physical-at-boot" Both;
    /// A router that stops goes on answering.
    AnswersAfterShutdown "addresses" "answers-after-shutdown" Both;
    /// Announced two seconds late.
    AnnouncesLate "addresses" "announces-late" Both;
    /// Unicast requests are not answered.
    UnicastUnanswered "addresses" "unicast-unanswered" Both;
    /// Proxy ARP answers with the physical MAC address.
    ProxyPhysical "addresses" "proxy-physical" Both;
    /// Answers lack the Router flag.
    NoRouterFlag "neighbors" "no-router-flag" Rfc9568 ["vrrp.family" = "ipv6"];
    /// Answers lack the Solicited flag.
    NoSolicitedFlag "neighbors" "no-solicited-flag" V3 ["vrrp.family" = "ipv6"];
    /// Announcements have the Solicited flag.
    AnnouncedAsSolicited "neighbors" "announced-as-solicited" V3 ["vrrp.family" = "ipv6"];
    /// Announcements lack the Override flag.
    NoOverrideFlag "neighbors" "no-override-flag" V3 ["vrrp.family" = "ipv6"];
    /// Announcements lack the Router flag.
    AnnouncedWithoutRouter "neighbors" "announced-without-router" V3 ["vrrp.family" = "ipv6"];
    /// The answer to a multicast solicitation has no link-layer address.
    NoLinkLayerAddress "neighbors" "no-link-layer-address" V3 ["vrrp.family" = "ipv6"];
    /// The answer to a solicitation from no address goes back to that.
    AnswersUnspecified "neighbors" "answers-unspecified" V3 ["vrrp.family" = "ipv6"];
    /// The solicited-node groups are not joined.
    NoGroups "neighbors" "no-groups" V3 ["vrrp.family" = "ipv6"];
    /// A Master sends no Router Advertisements.
    NoRouterAdvertisements "neighbors" "no-router-advertisements" V3 ["vrrp.family" = "ipv6"];
    /// A Backup sends Router Advertisements of the virtual router.
    BackupAdvertisesRouter "neighbors" "backup-advertises-router" V3 ["vrrp.family" = "ipv6"];
    /// Router Advertisements carry the physical MAC address.
    RouterAdvertisementPhysical "neighbors" "router-advertisement-physical" V3 ["vrrp.family" = "ipv6"];
    /// The own Neighbor Solicitations carry the physical MAC address.
    SolicitsPhysical "neighbors" "solicits-physical" V3 ["vrrp.family" = "ipv6"];
    /// The own link-local address is made from the virtual MAC address.
    LinkLocalOfVirtualMac "neighbors" "link-local-of-virtual-mac" Rfc5798 ["vrrp.family" = "ipv6"];
    /// A new link-layer address in an unsolicited Neighbor Advertisement is not taken.
    CacheNotUpdated "neighbors" "cache-not-updated" Rfc9568 ["vrrp.family" = "ipv6"];
    /// A Backup forwards what is sent to the virtual MAC address.
    BackupForwards "forwarding" "backup-forwards" Both;
    /// A Master does not forward what is sent to the virtual MAC address.
    ActiveDoesNotForward "forwarding" "active-does-not-forward" Both;
    /// What is forwarded keeps its TTL.
    TtlKept "forwarding" "ttl-kept" Both;
    /// Everything is forwarded twice.
    ForwardsTwice "forwarding" "forwards-twice" Both;
    /// A Master that owns nothing takes packets to the virtual address.
    AcceptsAlways "forwarding" "accepts-always" Both;
    /// An owner takes no packets to its address.
    OwnerDoesNotAccept "forwarding" "owner-does-not-accept" Both;
    /// Accept_Mode has no effect.
    AcceptModeIgnored "forwarding" "accept-mode-ignored" V3;
    /// A Backup takes packets to the virtual address.
    BackupAccepts "forwarding" "backup-accepts" Both;
    /// A Backup with Accept_Mode takes packets to the virtual address.
    BackupAcceptsByMode "forwarding" "backup-accepts-by-mode" V3;
    /// What is sent to the virtual address is sent on.
    ForwardsOwnAddress "forwarding" "forwards-own-address" Not2338;
    /// What is sent to the group of VRRP is sent on.
    ForwardsMulticast "forwarding" "forwards-multicast" Both;
    /// Sends redirects from its physical address.
    RedirectsPhysical "forwarding" "redirects-physical" Both;
    /// Stops two advertisements late.
    StopsLate "shutdown" "stops-late" Both;
    /// Tells twice that it stops.
    ReleasesTwice "shutdown" "releases-twice" Both;
    /// Interoperation sends version 3 alone.
    InteroperationOneVersion "interoperation" "version-3-only" V3;
    /// Interoperation sends version 2 once a second.
    InteroperationOneSecond "interoperation" "version-2-every-second" V3;
    /// Interoperation takes seconds for centiseconds.
    InteroperationUnit "interoperation" "seconds-as-centiseconds" V3;
    /// Interoperation takes version 2 from who sends version 3 too.
    InteroperationBoth "interoperation" "version-2-always" V3;
    /// Every advertisement is answered by one of its own.
    AnswersEverything "robust" "answers-everything" Both;
    /// Stops after a message that is shorter than its header.
    DiesOfShort "robust" "dies-of-short" Both;
    /// Stops after a message whose count says more than there is.
    DiesOfCount "robust" "dies-of-count" Both;
    /// Falls silent after a hundred messages that it discards.
    DiesOfFlood "robust" "dies-of-flood" Both;
}
