/** What the tests on real services run on: the embedded engines, LocalStack in a container, or any endpoint. */
@NullMarked
package io.breakwater.backend;

import org.jspecify.annotations.NullMarked;
