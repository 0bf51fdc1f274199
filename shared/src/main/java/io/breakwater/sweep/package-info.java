/** What is done about jobs that nobody works on and whose message may be lost. */
@NullMarked
package io.breakwater.sweep;

import org.jspecify.annotations.NullMarked;
