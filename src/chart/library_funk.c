#include "library.h"

/* Funk, New Orleans, hip-hop, electronic, reggae. */
/* clang-format off */
const dt_chart_entry dt__library_funk[] = {
  {"funk",
   "title: Funk with ghost notes\n"
   "tags: funk\n"
   "tempo: 100\n"
   "swing: straight sixteenths\n"
   "step: 1/16\n"
   "hi-hat |X-x-X-x-X-x-X-x-|X-x-X-x-X-x-X-o-|\n"
   "snare  |----X--g-g--X--g|----X--g-g-gX---|\n"
   "kick   |x-x-------x--x--|x-x---x---x-----|\n"},
  {"funk-linear",
   "title: Linear funk\n"
   "tags: funk linear advanced\n"
   "tempo: 92\n"
   "swing: straight sixteenths\n"
   "step: 1/16\n"
   "hi-hat |x-x--x-x--x--x-x|\n"
   "snare  |----X---g--gX---|\n"
   "kick   |-x-x--x--x----x-|\n"},
  {"funk-sixteenths",
   "title: Funk, sixteenths in both hands\n"
   "tags: funk\n"
   "tempo: 96\n"
   "swing: straight sixteenths\n"
   "step: 1/16\n"
   "hi-hat       |xxxx-xxxxxxx-xxx|\n"
   "snare        |----X-------X---|\n"
   "kick         |x--x--x--xx---x-|\n"
   "hands hi-hat |RLRL-LRLRLRL-LRL|\n"
   "hands snare  |----R-------R---|\n"},
  {"funk-displaced",
   "title: Funk, displaced backbeat\n"
   "tags: funk advanced\n"
   "tempo: 94\n"
   "swing: straight sixteenths\n"
   "step: 1/16\n"
   "hi-hat |x-x-x-x-x-x-x-x-|%|\n"
   "snare  |----X--g-g----X-|-g--X--g-g--X---|\n"
   "kick   |x-x-------x-----|x-x-------x--x--|\n"},
  {"funk-half-open",
   "title: Funk, open hi-hat on the e\n"
   "tags: funk\n"
   "tempo: 102\n"
   "swing: straight sixteenths\n"
   "step: 1/16\n"
   "hi-hat |x-o-x-x-x-o-x-x-|\n"
   "snare  |----X--g----X---|\n"
   "kick   |x-----xx-x----x-|\n"},
  {"paradiddle-groove",
   "title: Paradiddle between hi-hat and snare\n"
   "tags: funk diddle\n"
   "tempo: 92\n"
   "swing: straight sixteenths\n"
   "step: 1/16\n"
   "hi-hat |X-xx-x--X-xx-x--|\n"
   "snare  |-g--X-gg-g--X-gg|\n"
   "kick   |x-----x-x-x-----|\n"
   "hands  |RLRRLRLLRLRRLRLL|\n"},
  {"gogo",
   "title: Go-go, swung sixteenths\n"
   "tags: funk gogo\n"
   "tempo: 96\n"
   "swing: 62% sixteenths\n"
   "step: 1/16\n"
   "hi-hat  |X-x-X-x-X-x-X-x-|\n"
   "snare   |----X--g-g--X---|\n"
   "kick    |x--x-----x-x--x-|\n"
   "cowbell |x---x-x---x-x---|\n"},
  {"second-line",
   "title: New Orleans second line\n"
   "tags: neworleans funk\n"
   "tempo: 96\n"
   "swing: 58% sixteenths\n"
   "step: 1/16\n"
   "snare |XggXggXgggXgXgXg|Xgg-XgXgg-XgXrX-|\n"
   "kick  |x--x--x---------|x--x--x-----x---|\n"
   "pedal |----x-------x---|%|\n"},
  {"new-orleans-funk",
   "title: New Orleans funk\n"
   "tags: neworleans funk\n"
   "tempo: 92\n"
   "swing: 56% sixteenths\n"
   "step: 1/16\n"
   "cowbell |x-x-x-x-x-x-x-x-|%|\n"
   "snare   |g-gXg-gXg-g-X-gg|g-gXg-g-Xgg-X-gg|\n"
   "kick    |x-----x---x-----|x--x--x----x----|\n"},
  {"street-beat",
   "title: Street beat with buzz rolls\n"
   "tags: neworleans march\n"
   "tempo: 100\n"
   "swing: 56% sixteenths\n"
   "step: 1/16\n"
   "snare |x--xz~x-x-xxZ~~~|x--xz~x-x-x-x---|\n"
   "kick  |x--x--x-----x---|x--x--x---------|\n"},
  {"hiphop",
   "title: Hip-hop\n"
   "tags: hiphop beginner\n"
   "tempo: 90\n"
   "swing: straight sixteenths\n"
   "step: 1/16\n"
   "hi-hat |x-x-x-x-x-x-x-x-|\n"
   "snare  |----X-------X---|\n"
   "kick   |x-----x---x-----|\n"},
  {"boom-bap",
   "title: Boom bap, swung sixteenths\n"
   "tags: hiphop\n"
   "tempo: 88\n"
   "swing: 60% sixteenths\n"
   "step: 1/16\n"
   "hi-hat |x-x-x-x-x-x-x-x-|%|\n"
   "snare  |----X--g-g--X---|----X--g----X--g|\n"
   "kick   |x--x-----xx-----|x--x------x--x--|\n"},
  {"neo-soul",
   "title: Neo-soul, late and loose\n"
   "tags: hiphop soul\n"
   "tempo: 82\n"
   "swing: 64% sixteenths\n"
   "step: 1/16\n"
   "hi-hat      |x-xxx-x-x-xxx-x-|\n"
   "cross-stick |----x-------x---|\n"
   "kick        |x-x----x--x----x|\n"},
  {"trap",
   "title: Trap, hi-hat rolls\n"
   "tags: hiphop electronic\n"
   "tempo: 140\n"
   "swing: straight sixteenths\n"
   "step: 1/16\n"
   "roll: 1/32\n"
   "hi-hat |x-x-x-x-x-x-r~x-|x-x-x-r~~~x-x-x-|\n"
   "snare  |--------X-------|%|\n"
   "kick   |x-----x------x--|x---------x--x--|\n"},
  {"breakbeat",
   "title: Breakbeat\n"
   "tags: breakbeat electronic\n"
   "tempo: 132\n"
   "swing: straight sixteenths\n"
   "step: 1/16\n"
   "hi-hat |x-x-x-x-x-x-x-x-|%|\n"
   "snare  |----X--g-g--X--g|----X--g-g----X-|\n"
   "kick   |x-x-------xx----|x-x-------x-----|\n"},
  {"dnb",
   "title: Drum and bass\n"
   "tags: dnb electronic\n"
   "tempo: 174\n"
   "step: 1/8\n"
   "hi-hat |XxXxXxXx|\n"
   "snare  |--X---X-|\n"
   "kick   |x----x--|\n"},
  {"jungle",
   "title: Jungle, chopped break\n"
   "tags: dnb electronic advanced\n"
   "tempo: 165\n"
   "swing: straight sixteenths\n"
   "step: 1/16\n"
   "ride  |x-x-x-x-x-x-x-x-|%|\n"
   "snare |----X--x-x--X--x|-x--X--x-x----X-|\n"
   "kick  |x-x-------xx----|--x-------x-----|\n"},
  {"two-step",
   "title: Two-step garage\n"
   "tags: electronic\n"
   "tempo: 132\n"
   "swing: 60% sixteenths\n"
   "step: 1/16\n"
   "hi-hat |--x---x---x--xx-|\n"
   "snare  |----X-------X---|\n"
   "kick   |x---------x-----|\n"},
  {"house",
   "title: House\n"
   "tags: house electronic beginner\n"
   "tempo: 124\n"
   "step: 1/8\n"
   "open hi-hat |-x-x-x-x|\n"
   "clap        |--X---X-|\n"
   "kick        |x-x-x-x-|\n"},
  {"disco",
   "title: Disco\n"
   "tags: disco\n"
   "tempo: 118\n"
   "step: 1/8\n"
   "hi-hat |xoxoxoxo|\n"
   "snare  |--X---X-|\n"
   "kick   |x-x-x-x-|\n"},
  {"disco-sixteenths",
   "title: Disco, sixteenths with both hands\n"
   "tags: disco\n"
   "tempo: 116\n"
   "swing: straight sixteenths\n"
   "step: 1/16\n"
   "hi-hat |xxox-xoxxxox-xox|\n"
   "snare  |----X-------X---|\n"
   "kick   |x---x---x---x---|\n"},
  {"techno",
   "title: Techno\n"
   "tags: electronic\n"
   "tempo: 132\n"
   "swing: straight sixteenths\n"
   "step: 1/16\n"
   "hi-hat |x-X-x-X-x-X-x-X-|\n"
   "clap   |----x-------x---|\n"
   "kick   |X---X---X---X---|\n"},
  {"one-drop",
   "title: Reggae one drop\n"
   "tags: reggae\n"
   "tempo: 76\n"
   "swing: 2:1\n"
   "step: 1/8\n"
   "hi-hat      |XxXxXxXx|\n"
   "cross-stick |----X---|\n"
   "kick        |----X---|\n"},
  {"steppers",
   "title: Reggae steppers\n"
   "tags: reggae\n"
   "tempo: 132\n"
   "step: 1/8\n"
   "hi-hat      |xxxxxxxx|\n"
   "cross-stick |----X---|\n"
   "kick        |X-X-X-X-|\n"},
  {"rockers",
   "title: Reggae rockers\n"
   "tags: reggae\n"
   "tempo: 76\n"
   "swing: straight sixteenths\n"
   "step: 1/16\n"
   "hi-hat      |x-x-x-x-x-x-x-xx|\n"
   "cross-stick |--------X-------|\n"
   "kick        |x---x---x---x---|\n"},
  {"ska",
   "title: Ska\n"
   "tags: ska reggae\n"
   "tempo: 150\n"
   "step: 1/8\n"
   "hi-hat      |-X-X-X-X|\n"
   "cross-stick |--x---x-|\n"
   "kick        |--x---x-|\n"},
  {NULL, NULL},
};
/* clang-format on */
