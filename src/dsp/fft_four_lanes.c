#define LANES 4
#include "fft_body.h"

#include "dt/rt_poison.h" /* last: see there */

const dt__fft_kernels dt__fft_four_lanes = {window_one, window_two, transform, power_one,
                                            power_two};
