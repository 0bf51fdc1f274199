/** How Breakwater reads and writes JSON. */
@NullMarked
package io.breakwater.json;

import org.jspecify.annotations.NullMarked;
