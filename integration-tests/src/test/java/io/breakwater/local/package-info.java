/** The local pipeline from outside: as a process, over HTTP. */
@NullMarked
package io.breakwater.local;

import org.jspecify.annotations.NullMarked;
