//! Defects that no table row stands for: what a sender writes, and what is done besides the tables.

macro_rules! defects {
    ($( $(#[doc = $text:literal])+ $Variant:ident, )+) => {
        /// One deliberate defect of the reference.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Defect { $( $(#[doc = $text])+ $Variant, )+ }

        impl Defect {
            /// All of them, in words.
            pub const ALL: &'static [(Self, &'static str)] =
                &[$( (Self::$Variant, concat!($($text),+).trim_ascii()), )+];
        }
    };
}

defects! {
    /// Frames go to another slow protocol address than the configured one.
    WrongDestination,
    /// Source address is the LAG's and not the port's.
    SourceIsSystem,
    /// Source address is a group address.
    SourceIsGroup,
    /// Source address is another one every time.
    SourceChanges,
    /// Frames carry a priority tag.
    SendsTagged,
    /// LACPDUs are two octets short.
    SendsShort,
    /// LACPDUs carry version 0.
    VersionZero,
    /// Actor_Information_Length does not count type and length octet.
    LengthWithoutHeader,
    /// Collector TLV before the Partner TLV.
    TlvsSwapped,
    /// Reserved behind the Actor is what the last frame received had there.
    ReservedNotZeroed,
    /// The last octet is not zero.
    PadNotZeroed,
    /// Port numbers start at 0.
    PortNumberZero,
    /// All ports have one number.
    PortNumberShared,
    /// Every port has a key of its own although all may aggregate.
    KeyPerPort,
    /// The system identifier differs from port to port.
    SystemPerPort,
    /// The system identifier has the group bit set.
    SystemIsGroup,
    /// The configured Activity is not shown.
    ActivityInverted,
    /// The configured Timeout is not shown.
    TimeoutInverted,
    /// The configured Aggregation is not shown.
    AggregationInverted,
    /// The partner of the PDU before the last is shown.
    StalePartner,
    /// A queue instead of a state: a delayed LACPDU has the values of when it was asked for.
    QueuesPdus,
    /// A LACPDU that is cut is read on, into what lies behind it in memory.
    ReadsPastEnd,
    /// Stops after a frame that is shorter than its header.
    DiesOfShortFrame,
    /// Stops after a LACPDU of unknown version with TLVs.
    DiesOfUnknownTlv,
    /// Answers a LACPDU with a Marker Response.
    MarkerOnLacpdu,
    /// Marker Responses leave on the first port.
    ResponseOnFirstPort,
    /// Marker Responses have transaction 0.
    ResponseWithoutTransaction,
    /// Marker Responses have the responder's port in them.
    ResponseWithOwnPort,
    /// Marker Responses have the responder's system in them.
    ResponseWithOwnSystem,
    /// Every Marker is answered twice.
    ResponseTwice,
    /// Marker Responses have version 0.
    ResponseVersionZero,
    /// Marker Responses have TLV length 14.
    ResponseLengthWrong,
    /// Marker Responses end after the Terminator.
    ResponseShort,
    /// Marker Responses go to the source address of the Marker.
    ResponseUnicast,
    /// Markers restart current_while_timer.
    MarkerKeepsPartner,
    /// Markers of the own generator have length 18.
    MarkerLengthWrong,
    /// Markers of the own generator have Requester_Port 0.
    MarkerPortZero,
    /// Carrier loss on a port resets all ports.
    FlapResetsAll,
    /// Expiry on a port resets the other ports of its Aggregator.
    ExpiryResetsAll,
    /// A partner that changes on one port changes on all.
    PartnerShared,
    /// Data frames go out while the port is not distributing.
    DistributesAlways,
    /// Data frames are taken while the port is not collecting.
    CollectsAlways,
    /// Slow protocol frames are forwarded as data.
    ForwardsSlowProtocols,
    /// Data goes out on every distributing port of an Aggregator.
    Duplicates,
    /// A change of the key is not told.
    KeyChangeSilent,
    /// Version 2 TLVs are written in front of a Terminator at the place of version 1.
    TerminatorMisplaced,
    /// Version 2 digest TLV states length 18.
    DigestLengthWrong,
    /// Version 1 LACPDUs reset a version 2 port.
    ResetsOnOtherVersion,
}
