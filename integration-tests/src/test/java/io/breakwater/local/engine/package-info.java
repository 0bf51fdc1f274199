/** The embedded engines, tried with the real SDK. */
@NullMarked
package io.breakwater.local.engine;

import org.jspecify.annotations.NullMarked;
