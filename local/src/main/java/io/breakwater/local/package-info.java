/** The pipeline on one machine: the deployed handlers, unchanged, against embedded services and a Bedrock simulator. */
@NullMarked
package io.breakwater.local;

import org.jspecify.annotations.NullMarked;
