/** The function behind the HTTP API: requests in, jobs and endpoints out, every error a problem that names its cause. */
@NullMarked
package io.breakwater.function.request;

import org.jspecify.annotations.NullMarked;
