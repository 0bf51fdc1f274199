/** Tenants that share a fleet: the stores of their slots held to one contract, and a flood in virtual time. */
@NullMarked
package io.breakwater.tenant;

import org.jspecify.annotations.NullMarked;
