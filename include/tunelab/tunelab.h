/* Tunelab: fine-tunes small transformer encoders. This header brings the whole public C interface, from the
 * bottom up. */
#ifndef TUNELAB_H
#define TUNELAB_H

/* The ground: status codes, the context with its last error, random numbers. */
#include "tunelab/api.h"
#include "tunelab/context.h"
#include "tunelab/generator.h"

/* Text to ids. */
#include "tunelab/tokenizer.h"

/* Rows of ids to batches. */
#include "tunelab/data.h"

/* The encoder with its head, and its weights in files. */
#include "tunelab/lora.h"
#include "tunelab/model.h"
#include "tunelab/safetensors.h"

/* What makes it learn. */
#include "tunelab/train.h"

#endif
