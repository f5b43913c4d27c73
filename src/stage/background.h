#ifndef DT_STAGE_BACKGROUND_H
#define DT_STAGE_BACKGROUND_H

/* The calling thread steps back behind those that hear, play and serve. */
void dt__background(void);

#endif
