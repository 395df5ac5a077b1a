/* Tunelab: fine-tunes small transformer encoders. This header brings the whole public C interface, from the bottom up. */
#ifndef TUNELAB_H
#define TUNELAB_H

#include "tunelab/api.h"
#include "tunelab/context.h"
#include "tunelab/generator.h"
#include "tunelab/tokenizer.h"
#include "tunelab/data.h"
#include "tunelab/model.h"
#include "tunelab/safetensors.h"
#include "tunelab/train.h"

#endif
