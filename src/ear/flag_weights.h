#ifndef DT_EAR_FLAG_WEIGHTS_H
#define DT_EAR_FLAG_WEIGHTS_H

#include "dt/bank.h"

/* Fitted by train/fit_flag.py: what each band's three rises count (flag.c), as log odds. */
#define DT__FLAG_RISES (3 * DT_BANK_BANDS)

extern const float dt__flag_weights[DT__FLAG_RISES];
extern const float dt__flag_bias;

/* Log odds from which a hop is flagged: for every stroke one or two flags that are none. */
#define DT__FLAG_LEAST -1.5f

#endif
