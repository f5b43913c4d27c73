#ifndef DT_PULSE_TUNING_H
#define DT_PULSE_TUNING_H

/*
 * The pulse's constants, chosen on the training split of the Groove MIDI Dataset and on the virtual
 * drummer (seeds below 1000), by bench_pulse.
 */
#ifndef DT__KAPPA
#define DT__KAPPA              0.25 /* strokes of one groove are no independent witnesses */
#define DT__COUNT_SHAPE        3.0  /* of the negative binomial law of strokes a beat */
#define DT__SILENCE_BEAT       0.8  /* a beat of silence costs this at most ... */
#define DT__SILENCE_S          1.5  /* ... and this a second */
#define DT__STEP_COST          0.8  /* of the first step of length, growing with its square */
#define DT__SWITCH_COST        1.0  /* to another pattern of the metre */
#define DT__METER_COST         8.0
#define DT__RESTART_COST       11.0
#define DT__TEMPO_MEAN         108.0
#define DT__TEMPO_SD           0.45 /* octaves */
#define DT__PICKUP_COST        1.2  /* to begin elsewhere than on a downbeat */
#define DT__HALF_BAR_COST      0.6  /* of every bar of 2/4 */
#define DT__TAP_WEIGHT         4.0
#define DT__BEAM               14.0
#define DT__TEMPO_WEIGHT       0.5  /* of the tempi a pattern is played at, each bar */
#define DT__SURENESS           1.0  /* of a difference in score, for probabilities */
#define DT__HAND_OVER          1.5  /* a reading is taken up when it is this much better */
#define DT__AGREE              0.20 /* beats: readings this near are the same */
#define DT__LOCK               0.6  /* probability of a reading that counts as locked */
#define DT__CALL               0.03 /* probability of a pulse below which no beat is called ... */
#define DT__CALL_LOCKED        0.01 /* ... and once it was locked */
#define DT__STAY               0.5  /* log odds by which another reading must be better ... */
#define DT__STAY_STEP          0.1  /* ... and this more for each decision for the one that is */
#define DT__STAY_MAX           2.0
#define DT__DOUBT              0.5 /* against it, that is nothing ... */
#define DT__DOUBTED            8.0 /* ... and how much more, in sum, gives it up all the same */
#define DT__BETWEEN            3.0 /* against beats between those of the lattice, log odds */
#define DT__BETWEEN_BEATS      4 /* decisions for beats between those of the pulse before it moves */
#define DT__METER_BEATS        8    /* decisions for another metre before it is followed */
#define DT__COAST_BEATS        20.0 /* silence through which beats are called */
#define DT__PULSE_SLOPE        40.0
#define DT__PULSE_GAIN         (-0.27) /* nats a stroke, of very many ... */
#define DT__PULSE_FEW          0.4     /* ... and this more over the root of their number */
#define DT__PULSE_GAIN_UNKNOWN 0.06    /* where the drums are not known */
#endif

#endif
