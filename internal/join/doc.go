// Package join is where model and explore meet: a [model.System] as an
// [explore.Product], with patterns to be searched for, and with what monitors
// remember.
package join
