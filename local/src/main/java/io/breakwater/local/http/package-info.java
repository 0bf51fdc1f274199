/** What API Gateway does when deployed: HTTP requests become events, and a handler's answers HTTP responses. */
@NullMarked
package io.breakwater.local.http;

import org.jspecify.annotations.NullMarked;
