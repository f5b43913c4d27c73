#include "clock_filter.h"

#include "dt/rt_poison.h" /* last: see there */

#define BANDWIDTH_HZ 0.5
/* Farther off than this, the device was interrupted: begin anew. */
#define LOST_US 50000.0

int64_t dt__clock_filter_us(dt__clock_filter* filter, int64_t raw_us, int frame_count,
                            int rate_hz) {
  const double nominal_us = (double)frame_count * 1e6 / (double)rate_hz;
  const double error_us = (double)raw_us - filter->next_us;
  if (!filter->has_begun || error_us > LOST_US || error_us < -LOST_US) {
    filter->has_begun = true;
    filter->step_us = nominal_us;
    filter->next_us = (double)raw_us + nominal_us;
    return raw_us;
  }
  const double omega = 6.283185307179586 * BANDWIDTH_HZ * nominal_us * 1e-6;
  const double began_us = filter->next_us;
  filter->next_us += 1.4142135623730951 * omega * error_us + filter->step_us;
  filter->step_us += omega * omega * error_us;
  return (int64_t)began_us;
}
