//! Constants of LACP: times, and how often it may send (802.1AX-2014 6.4.4; the limit is in 6.4.16).

use std::time::Duration;

use crate::spec::Edition;

/// `Fast_Periodic_Time`, 6.4.4: between LACPDUs to a partner that asks for Short Timeout.
pub const FAST_PERIODIC_TIME: Duration = Duration::from_secs(1);
/// `Slow_Periodic_Time`, 6.4.4: between LACPDUs to a partner that asks for Long Timeout.
pub const SLOW_PERIODIC_TIME: Duration = Duration::from_secs(30);
/// `Short_Timeout_Time`, 6.4.4: without a LACPDU, before what is known of the partner expires.
pub const SHORT_TIMEOUT_TIME: Duration = Duration::from_secs(3);
/// `Long_Timeout_Time`, 6.4.4: the same for a port that asks for Long Timeout.
pub const LONG_TIMEOUT_TIME: Duration = Duration::from_secs(90);
/// `Churn_Detection_Time`, 6.4.4: without synchronization, before churn is declared.
pub const CHURN_DETECTION_TIME: Duration = Duration::from_secs(60);
/// `Aggregate_Wait_Time`, 6.4.4: a port waits so long for others before it attaches.
pub const AGGREGATE_WAIT_TIME: Duration = Duration::from_secs(2);

/// How many LACPDUs a port may send in one `Fast_Periodic_Time`: 3 by 6.4.16 and before, 10 by 802.1AX-2020 6.4.14.
pub const fn transmit_limit(edition: Edition) -> u32 {
    match edition {
        Edition::Dot1Ax2020 => 10,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timeout_is_three_periods() {
        assert_eq!(SHORT_TIMEOUT_TIME, FAST_PERIODIC_TIME * 3);
        assert_eq!(LONG_TIMEOUT_TIME, SLOW_PERIODIC_TIME * 3);
    }

    #[test]
    fn the_limit_belongs_to_an_edition() {
        assert_eq!(transmit_limit(Edition::Dot1Ax2008), 3);
        assert_eq!(transmit_limit(Edition::Dot1Ax2014), 3);
        assert_eq!(transmit_limit(Edition::Dot1Ax2020), 10);
    }
}
