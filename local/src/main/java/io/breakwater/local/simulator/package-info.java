/**
 * A Bedrock on this machine: speaks Converse to the real AWS SDK, answers with what it was asked, and fails on demand.
 */
@NullMarked
package io.breakwater.local.simulator;

import org.jspecify.annotations.NullMarked;
