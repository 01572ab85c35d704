//! Calendar days, as guides use them: written, compared and shown, never computed with.
//!
//! Takes ISO 8601 text, gives a checked day; never asks a clock.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A day of the Gregorian calendar; the order of days is the order of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// Year of the common era.
    pub year: u16,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month, 1 to 31.
    pub day: u8,
}

impl Date {
    /// The day on which `seconds` since 1970-01-01T00:00:00Z fall, in UTC.
    ///
    /// The algorithm is `civil_from_days` of Howard Hinnant, "chrono-Compatible Low-Level Date
    /// Algorithms".
    pub fn from_unix(seconds: u64) -> Self {
        let days = seconds / 86_400 + 719_468;
        let (era, day_of_era) = (days / 146_097, days % 146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era * 400 + u64::from(month <= 2);
        let fits = "a day of the sixteen-bit years";
        Self {
            year: u16::try_from(year).unwrap_or(u16::MAX),
            month: u8::try_from(month).expect(fits),
            day: u8::try_from(day).expect(fits),
        }
    }
}

impl FromStr for Date {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let parts: Vec<&str> = text.split('-').collect();
        let [year, month, day] = parts[..] else { return Err(()) };
        if (year.len(), month.len(), day.len()) != (4, 2, 2) {
            return Err(());
        }
        let date = Self {
            year: year.parse().map_err(drop)?,
            month: month.parse().map_err(drop)?,
            day: day.parse().map_err(drop)?,
        };
        let is_real = (1..=12).contains(&date.month) && (1..=31).contains(&date.day);
        is_real.then_some(date).ok_or(())
    }
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <&str>::deserialize(deserializer)?;
        text.parse().map_err(|()| D::Error::custom("a day is written as 2026-05-07"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unix_seconds_become_days() {
        for (seconds, day) in [
            (0, "1970-01-01"),
            (951_782_400, "2000-02-29"),
            (1_709_164_799, "2024-02-28"),
            (1_795_305_600, "2026-11-22"),
        ] {
            assert_eq!(Date::from_unix(seconds).to_string(), day);
        }
    }

    #[test]
    fn only_whole_dates_are_read() {
        assert_eq!("2026-11-22".parse(), Ok(Date { year: 2026, month: 11, day: 22 }));
        for bad in ["2026-13-01", "2026-1-1", "2026-11", "yesterday", "2026-11-22T00:00:00Z"] {
            assert_eq!(bad.parse::<Date>(), Err(()), "{bad}");
        }
    }
}
