#ifndef DT_EAR_NET_H
#define DT_EAR_NET_H

#include <stdbool.h>
#include <stddef.h>

#include "dt/arena.h"
#include "dt/attr.h"
#include "dt/error.h"
#include "dt/model.h"
#include "net_layers.h"

/*
 * The ear's network: a frame of the front end in (front.h), what was struck out. Causal: a frame's
 * answer depends on that frame and those before it. Its shape is read from the model's records. A
 * model may hold several networks, which are heard together: the answer is the curve (sigmoid or
 * tanh) of the mean of their heads. The first one's records are named as here, those of the second
 * begin with "net1.", of the third with "net2.", of the fourth with "net3.".
 *
 *   input.mean, input.scale  (120), optional: x = (x - mean) * scale
 *   long.convI.w   (out, in, kt, kf), .b (out); I = 0..3, as many as there are: over 72 bands
 *   short.convI.w  the same over 2 channels (early, late) x 24 bands
 *                  each: kernel kt frames x kf bands (odd), kt - 1 frames of zeros before the
 * first, (kf - 1) / 2 bands of zeros at both ends, every second band, ReLU dense0.w, .b   (D, in):
 * on the flattened long, then short branch, channel by channel; ReLU gruI.w_ih (3H, in), .w_hh (3H,
 * H), .b_ih, .b_hh (3H); I = 0..2, at least one; gates r, z, n: n = tanh(W_in x + b_in + r (W_hn h
 * + b_hn)), h' = (1 - z) n + z h head.w, .b     (34, D + H): on the output of dense0 and of the
 * last gru threshold.family (5), threshold.drum (12), optional, each in 0..1; 0.5 where absent;
 *                           of all networks together, without a beginning
 *
 *   input.largest, long.convI.largest, short.convI.largest, dense0.largest  (1), above 0,
 *                           optional, but all or none: no number there is larger, or need be
 *
 * Records of other names are not looked at. Every number is summed up in one order, whatever the
 * processor and however the frames are split: the same bits everywhere.
 *
 * A network without the largest numbers runs in float32. One with them runs in whole numbers: what
 * goes from layer to layer is rounded to 16 bits, weights to 8 bits (a unit for every output of a
 * layer: its largest weight is 127), sums are exact; the gates, their state and the curves stay
 * float32. That is about twice as fast.
 */
#define DT__NET_INPUTS   120 /* long 72, early 24, late 24 */
#define DT__NET_LONG     72
#define DT__NET_SHORT    24
#define DT__NET_FAMILIES 5
#define DT__NET_DRUMS    12
#define DT__NET_OUTPUTS  34 /* family, offset, drum, velocity */
#define DT__NET_GRUS     3
#define DT__NET_PARTS    4    /* networks, at most */
#define DT__NET_WIDEST   4096 /* numbers that a layer takes or gives, a frame */

/* The network's families and drums, in the order of its outputs. */
typedef enum dt__net_family {
  DT__NET_KICKS,
  DT__NET_SNARES, /* snare, cross-stick */
  DT__NET_HIHATS,
  DT__NET_TOMS,
  DT__NET_CYMBALS, /* ride, bell, crash */
} dt__net_family;

typedef enum dt__net_drum {
  DT__NET_KICK,
  DT__NET_SNARE, /* with rimshot and brush */
  DT__NET_CROSS_STICK,
  DT__NET_HIHAT_CLOSED,
  DT__NET_HIHAT_OPEN,
  DT__NET_HIHAT_PEDAL,
  DT__NET_TOM_HIGH,
  DT__NET_TOM_MID,
  DT__NET_TOM_LOW,
  DT__NET_RIDE,
  DT__NET_RIDE_BELL,
  DT__NET_CRASH, /* with splash and china */
} dt__net_drum;

/* One frame's answer. The frame ends at E; it speaks of attacks 13 to 33 ms before E. */
typedef struct dt__net_out {
  float family_p[DT__NET_FAMILIES];         /* 0..1 that one of the family was struck */
  float family_offset_ms[DT__NET_FAMILIES]; /* its attack is at E - 23 ms + this; -10..10 */
  float drum_p[DT__NET_DRUMS];              /* 0..1 that this drum was struck */
  float drum_velocity[DT__NET_DRUMS];       /* 0..1, if it was */
} dt__net_out;

/* How likely a stroke must be to count, chosen with the weights. */
typedef struct dt__net_thresholds {
  float family[DT__NET_FAMILIES];
  float drum[DT__NET_DRUMS];
} dt__net_thresholds;

/* One of the networks. */
typedef struct dt__net_part {
  float mean[DT__NET_INPUTS];
  float scale[DT__NET_INPUTS];
  bool is_whole;              /* else floats go from layer to layer */
  dt__net_branch branches[2]; /* long, short */
  dt_nn_matrix dense;
  dt__net_step flat_step;   /* of what dense takes */
  dt__net_step joined_step; /* of what the head takes */
  size_t gru_count;
  dt__net_gru grus[DT__NET_GRUS];
  dt_nn_matrix head;
} dt__net_part;

typedef struct dt__net {
  const dt_nn_kernels* kernels;
  dt__net_thresholds thresholds; /* to be read */
  size_t part_count;
  dt__net_part parts[DT__NET_PARTS];
  /* For one part after the other: */
  void* flat;     /* what the branches hand on, a chunk of frames */
  void* joined;   /* dense0's output beside the last gru's */
  void* hidden;   /* a gru's output for the next one */
  float* gates_x; /* the input's part of a gru's gates, a chunk of frames */
  float* gates_u; /* the state's part, one frame */
  float* answer;  /* the head's output */
  float* sum;     /* of the heads' outputs */
  float* row[2];  /* for dt__net_load: a row of weights in the model's order and in ours */
} dt__net;

/*
 * To be built as a part of a larger object:
 *
 *   dt__net_plan(&net, &model, error)   the shapes; DT_OK when the ear can run it
 *   dt__net_layout(&net, &arena)        twice: to measure, then over the block
 *   dt__net_load(&net, &model)          the weights, once there is memory; then as after a reset
 *
 * A net may be moved, but a copy shares its memory. The model and its bytes are not needed after
 * dt__net_load. Errors of dt__net_plan, with a sentence: DT_BAD_DATA (a record is missing, or its
 * shape does not fit the others), DT_TOO_LARGE (a layer beyond DT__NET_WIDEST).
 */
dt_status dt__net_plan(dt__net* net, const dt_model* model, dt_error* error) DT_NODISCARD;
void dt__net_layout(dt__net* net, dt_arena* arena);
void dt__net_load(dt__net* net, const dt_model* model);

/* Forget the frames before. */
void dt__net_reset(dt__net* net) DT_NONBLOCKING;

/* count frames of DT__NET_INPUTS numbers each, one after another; out takes count answers. NaN
 * counts as 0, numbers beyond +-1e6 as the nearer of these. The answers do not depend on how frames
 * are dealt out to calls, bit for bit; many at once are faster. */
void dt__net_run(dt__net* net, const float* features, size_t count,
                 dt__net_out* out) DT_NONBLOCKING;

#endif
