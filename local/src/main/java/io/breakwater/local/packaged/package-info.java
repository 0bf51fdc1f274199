/** Functions as they are deployed: unpacked archives in processes under Lambda's own runtime client. */
@NullMarked
package io.breakwater.local.packaged;

import org.jspecify.annotations.NullMarked;
