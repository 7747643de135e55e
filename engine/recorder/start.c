/* In a program that runs free, before its main. */
#include "../recorder.h"
