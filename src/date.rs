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

/// How many days a month has.
fn days(year: u16, month: u8) -> u8 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl FromStr for Date {
    /// Why the text is no day.
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts: Vec<&str> = text.split('-').collect();
        let is_whole = match parts[..] {
            [year, month, day] => (year.len(), month.len(), day.len()) == (4, 2, 2),
            _ => false,
        };
        let is_number = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
        let is_whole = is_whole && parts.iter().all(is_number);
        let numbers: Vec<u16> = parts.iter().filter_map(|part| part.parse().ok()).collect();
        let (true, &[year, month, day]) = (is_whole, &numbers[..]) else {
            return Err("it has to have four figures, two and two".to_owned());
        };
        let date = Self { year, month: narrow(month), day: narrow(day) };
        if !(1..=12).contains(&date.month) {
            return Err(format!("there is no month {month}"));
        }
        let last = days(date.year, date.month);
        if !(1..=last).contains(&date.day) {
            return Err(format!("month {month} of {year} has {last} days"));
        }
        Ok(date)
    }
}

/// A number of two figures.
fn narrow(number: u16) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
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
        text.parse().map_err(D::Error::custom)
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
        for bad in ["2026-1-1", "2026-11", "yesterday", "2026-11-22T00:00:00Z", "+026-11-22"] {
            let told = Err("it has to have four figures, two and two".to_owned());
            assert_eq!(bad.parse::<Date>(), told, "{bad}");
        }
    }

    #[test]
    fn a_day_that_no_calendar_has_is_none() {
        for (bad, reason) in [
            ("2026-13-01", "there is no month 13"),
            ("2026-11-31", "month 11 of 2026 has 30 days"),
            ("2026-02-29", "month 2 of 2026 has 28 days"),
            ("2100-02-29", "month 2 of 2100 has 28 days"),
            ("2026-11-00", "month 11 of 2026 has 30 days"),
        ] {
            assert_eq!(bad.parse::<Date>(), Err(reason.to_owned()), "{bad}");
        }
        assert!("2000-02-29".parse::<Date>().is_ok() && "2024-02-29".parse::<Date>().is_ok());
    }
}
