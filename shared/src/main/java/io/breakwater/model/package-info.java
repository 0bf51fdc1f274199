/** What a model call is: the endpoint it goes to, the request, and the reply or the failure that comes back. */
@NullMarked
package io.breakwater.model;

import org.jspecify.annotations.NullMarked;
