#ifndef DT_LEVEL_H
#define DT_LEVEL_H

/*
 * Velocity and level: the square law of R. Dannenberg, "The interpretation of MIDI velocity", ICMC
 * 2006, over 40 dB from velocity 1 to 127, as the synthesised kit plays it:
 *
 *   amplitude = r^2,  r = 0.1 + 0.9 (velocity - 1) / 126,  level = 20 log10(amplitude)
 *
 * Whatever speaks of loudness in dB means this. Pure functions, any thread.
 */

/* Level below velocity 127: 0 dB at 127, -40 dB at 1. Velocities above 0 are taken as 1..127; NAN
 * for 0 (unknown), below, and NAN. */
double dt_velocity_db(double velocity);

/* The velocity, 1..127 with fractions, at that level; levels out of -40..0 dB are taken as the
 * nearer end. NAN for NAN. */
double dt_velocity_at_db(double level_db);

/* What the level changes by, in dB, for one step of velocity there: d dt_velocity_db / d velocity.
 * For carrying an error from one scale to the other. velocity as for dt_velocity_db. */
double dt_velocity_db_slope(double velocity);

#endif
