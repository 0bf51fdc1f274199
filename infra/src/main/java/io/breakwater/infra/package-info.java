/** The deployed pipeline: one CDK stack of small constructs, with the settings of {@link io.breakwater.topology.Topology}. */
@NullMarked
package io.breakwater.infra;

import org.jspecify.annotations.NullMarked;
