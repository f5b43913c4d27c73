#include <stdio.h>
#include <string.h>
#include <time.h>

#include "dt/home.h"
#include "home_internal.h"

int dt__digits(const char** at, int count) {
  int value = 0;
  for (int i = 0; i < count; ++i, ++*at) {
    if (**at < '0' || **at > '9')
      return -1;
    value = value * 10 + (**at - '0');
  }
  return value;
}

static bool skip(const char** at, char c) {
  const bool there = **at == c;
  *at += there;
  return there;
}

bool dt__read_date(const char** at, int* year, int* month, int* day) {
  *year = dt__digits(at, 4);
  if (*year < 0 || !skip(at, '-'))
    return false;
  *month = dt__digits(at, 2);
  if (*month < 1 || *month > 12 || !skip(at, '-'))
    return false;
  *day = dt__digits(at, 2);
  return *day >= 1 && *day <= 31;
}

static bool read_clock(const char* at, struct tm* moment) {
  moment->tm_hour = dt__digits(&at, 2);
  if (moment->tm_hour < 0 || !skip(&at, ':'))
    return false;
  moment->tm_min = dt__digits(&at, 2);
  moment->tm_sec = moment->tm_min >= 0 && skip(&at, ':') ? dt__digits(&at, 2) : 0;
  return *at == '\0' && moment->tm_hour <= 23 && moment->tm_min >= 0 && moment->tm_min <= 59 &&
         moment->tm_sec >= 0 && moment->tm_sec <= 59;
}

bool dt_home_read_moment(const char* text, bool last, int64_t* moment_s) {
  struct tm moment;
  const char* at = text;
  int year = 0;
  int month = 0;
  int day = 0;
  memset(&moment, 0, sizeof moment);
  bool good = dt__read_date(&at, &year, &month, &day) && year >= 1000;
  moment.tm_year = year - 1900;
  moment.tm_mon = month - 1;
  moment.tm_mday = day;
  moment.tm_isdst = -1;
  if (good && *at == '\0' && last)
    moment.tm_hour = 23, moment.tm_min = 59, moment.tm_sec = 59;
  else if (good && *at != '\0')
    good = (skip(&at, ' ') || skip(&at, 'T')) && read_clock(at, &moment);
  if (!good)
    return false;
  const time_t when = mktime(&moment);
  *moment_s = (int64_t)when;
  return moment.tm_mday == day; /* 31 February has moved */
}

void dt_home_write_day(int64_t moment_s, char* day, size_t size) {
  const time_t when = (time_t)moment_s;
  struct tm moment;
  if (!localtime_r(&when, &moment) || strftime(day, size, "%Y-%m-%d", &moment) == 0)
    snprintf(day, size, "?");
}

/* Days of the proleptic Gregorian calendar (H. Hinnant's days_from_civil). */
int64_t dt_home_day(int64_t moment_s) {
  const time_t when = (time_t)moment_s;
  struct tm local;
  if (!localtime_r(&when, &local))
    return 0;
  const int64_t month = local.tm_mon + 1;
  const int64_t year = local.tm_year + 1900 - (month <= 2);
  const int64_t era_year = year % 400;
  const int64_t day = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + local.tm_mday - 1;
  return (year / 400) * 146097 + era_year * 365 + era_year / 4 - era_year / 100 + day - 719468;
}

int64_t dt_home_today(void) {
  return dt_home_day((int64_t)time(NULL));
}
