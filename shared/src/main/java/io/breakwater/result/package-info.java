/** Results, and prompts too large for the jobs table, in S3. */
@NullMarked
package io.breakwater.result;

import org.jspecify.annotations.NullMarked;
