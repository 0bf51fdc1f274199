/** Rules about the code of all modules that a compiler cannot state. */
@NullMarked
package io.breakwater.architecture;

import org.jspecify.annotations.NullMarked;
