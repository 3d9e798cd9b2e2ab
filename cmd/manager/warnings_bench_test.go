/*
Copyright 2026 The journey-operator Authors.

Licensed under the Apache License, Version 2.0 (the "License");
you may not use this file except in compliance with the License.
You may obtain a copy of the License at

    http://www.apache.org/licenses/LICENSE-2.0

Unless required by applicable law or agreed to in writing, software
distributed under the License is distributed on an "AS IS" BASIS,
WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
See the License for the specific language governing permissions and
limitations under the License.
*/

package main

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	applyv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1/applyconfiguration/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio/portfoliotest"
)

const (
	benchmarkNamespace = "large"
	benchmarkSize      = 15_000
	// applied is the number of objects in a round, half of which are new.
	applied = 1_000
	// The API server asks for warnings about the changes of one of two users.
	warned, unwarned = "warned", "unwarned"
)

// BenchmarkWarnings applies 1,000 requirements to a portfolio of 15,000, in turn by a user whose changes the API server asks for
// warnings about and by one whose changes it does not. It tells how long a request takes without warnings, and what they add to that:
// the medians of all pairs of rounds, so use -benchtime=5x or so.
func BenchmarkWarnings(b *testing.B) {
	i := install(b)
	service := newWebhookService(b)
	i.turnOnWarnings(b, service)
	i.warnOnly(b, warned)
	secret := newMountedSecret(b)
	secret.write(b)
	i.trust(b, secret)
	i.createLarge(b)
	i.leadElsewhere(b)
	manager := i.startWarning(b, secret, "--metrics-secure=false")
	service.forward(manager.address)
	eventually(b, "the manager is ready", manager.ready)
	for _, clients := range []int{1, 8} {
		b.Run(fmt.Sprintf("clients=%d", clients), func(b *testing.B) {
			results := map[string][]float64{}
			for round := 0; b.Loop(); round++ {
				users := []string{unwarned, warned}
				if round%2 > 0 {
					slices.Reverse(users)
				}
				pair := map[string]sample{}
				slow := manager.slow(b)
				for n, user := range users {
					manager.rest(b)
					pair[user] = i.applyRound(b, user, clients, 2*round+n)
				}
				without, with := pair[unwarned], pair[warned]
				for name, value := range map[string]time.Duration{
					"p50-ms": without.quantile(50), "p99-ms": without.quantile(99), "max-ms": without.quantile(100),
					"added-p50-ms": with.quantile(50) - without.quantile(50), "added-p99-ms": with.quantile(99) - without.quantile(99),
					"added-max-ms": with.quantile(100) - without.quantile(100), "added-mean-ms": with.mean() - without.mean(),
				} {
					results[name] = append(results[name], float64(value.Microseconds())/1000)
				}
				slow = manager.slow(b) - slow
				results["waited-25ms"] = append(results["waited-25ms"], slow)
				results["warnings"] = append(results["warnings"], float64(with.warnings))
				b.Logf("round %d: without %s; with %s, of which the manager kept %v more than 25ms; load %s",
					round, without, with, slow, load())
			}
			for name, values := range results {
				slices.Sort(values)
				b.ReportMetric(values[len(values)/2], name)
			}
		})
	}
}

// warnOnly has the API server ask about the changes of one user.
func (i *installation) warnOnly(b *testing.B, user string) {
	b.Helper()
	configuration := i.webhook(b)
	hook := &configuration.Webhooks[0]
	hook.MatchConditions = append(hook.MatchConditions, admissionregistrationv1.MatchCondition{
		Name: "only-one-user", Expression: fmt.Sprintf("request.userInfo.username == %q", user),
	})
	if err := i.Update(b.Context(), configuration); err != nil {
		b.Fatal(err)
	}
}

// leadElsewhere keeps the manager from leading. So it does not write 15,000 statuses, before and beside what is measured.
func (i *installation) leadElsewhere(b *testing.B) {
	b.Helper()
	now := metav1.NowMicro()
	if err := i.Create(b.Context(), &coordinationv1.Lease{
		ObjectMeta: metav1.ObjectMeta{Namespace: systemNamespace, Name: leaseName},
		Spec: coordinationv1.LeaseSpec{
			HolderIdentity: new("elsewhere"), LeaseDurationSeconds: new(int32(24 * 60 * 60)), AcquireTime: &now, RenewTime: &now,
		},
	}); err != nil {
		b.Fatal(err)
	}
}

// createLarge creates the portfolio.
func (i *installation) createLarge(b *testing.B) {
	b.Helper()
	if err := i.Create(b.Context(), &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: benchmarkNamespace}}); err != nil {
		b.Fatal(err)
	}
	var group errgroup.Group
	group.SetLimit(8)
	for _, object := range portfoliotest.List(portfoliotest.Large(benchmarkSize)) {
		object.SetNamespace(benchmarkNamespace)
		group.Go(func() error { return i.Create(b.Context(), object) })
	}
	if err := group.Wait(); err != nil {
		b.Fatal(err)
	}
}

// sample holds how long requests took.
type sample struct {
	took     []time.Duration
	warnings int
}

func (s *sample) quantile(percent int) time.Duration {
	return s.took[max(0, len(s.took)*percent/100-1)]
}

func (s *sample) mean() time.Duration {
	var sum time.Duration
	for _, t := range s.took {
		sum += t
	}
	return sum / time.Duration(len(s.took))
}

func (s sample) String() string {
	return fmt.Sprintf("p50 %s, p99 %s, max %s, %d warnings", s.quantile(50), s.quantile(99), s.quantile(100), s.warnings)
}

// applyRound applies the round's requirements server-side: each asks for something else than in the round before. The new ones are
// deleted afterwards.
func (i *installation) applyRound(b *testing.B, user string, clients, round int) sample {
	b.Helper()
	config, heard := rest.CopyConfig(i.config), &warningCount{}
	config.Impersonate = rest.ImpersonationConfig{UserName: user, Groups: []string{"system:masters"}}
	config.WarningHandler = heard
	c, err := client.New(config, client.Options{Scheme: i.Scheme()})
	if err != nil {
		b.Fatal(err)
	}
	took := make([]time.Duration, applied)
	var group errgroup.Group
	group.SetLimit(clients)
	for n := range applied {
		group.Go(func() error {
			began := time.Now()
			err := c.Apply(b.Context(), roundRequirement(n, round), client.FieldOwner("test"), client.ForceOwnership)
			took[n] = time.Since(began)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		b.Fatal(err)
	}
	i.deleteNew(b)
	slices.Sort(took)
	return sample{took, int(heard.n.Load())}
}

// deleteNew deletes what a round has created.
func (i *installation) deleteNew(b *testing.B) {
	b.Helper()
	var group errgroup.Group
	group.SetLimit(8)
	for n := applied / 2; n < applied; n++ {
		name := *roundRequirement(n, 0).Name
		group.Go(func() error {
			return i.Delete(b.Context(), &cxv1alpha1.Requirement{ObjectMeta: metav1.ObjectMeta{Namespace: benchmarkNamespace, Name: name}})
		})
	}
	if err := group.Wait(); err != nil {
		b.Fatal(err)
	}
}

// roundRequirement is a requirement that a round applies. The first half are of the portfolio, the others new.
func roundRequirement(n, round int) *applyv1alpha1.RequirementApplyConfiguration {
	number := n % (applied / 2) * (benchmarkSize / applied * 2)
	name := fmt.Sprintf("requirement-%d", number)
	if n >= applied/2 {
		name = fmt.Sprintf("new-%d", number)
	}
	block := fmt.Sprintf("block-%d", (number+round+1)%(benchmarkSize/20))
	return applyv1alpha1.Requirement(name, benchmarkNamespace).WithSpec(applyv1alpha1.RequirementSpec().
		WithTitle("Requirement").WithMoSCoW(cxv1alpha1.MoSCoWMust).
		WithMomentRefs(applyv1alpha1.ObjectReference().WithName(cxv1alpha1.ObjectName(fmt.Sprintf("moment-%d", number/20)))).
		WithBuildingBlockRef(applyv1alpha1.StageReference().WithName(cxv1alpha1.ObjectName(block))))
}

// warningCount counts warnings.
type warningCount struct{ n atomic.Int64 }

func (c *warningCount) HandleWarningHeader(int, string, string) { c.n.Add(1) }

// rest waits until the manager has nothing to do, and has forgotten what was applied together.
func (r *warningReplica) rest(b *testing.B) {
	b.Helper()
	for quiet := 0; quiet < 6; quiet++ {
		time.Sleep(time.Second)
		if r.metric(b, "journey_operator_queue_oldest_seconds") > 0 {
			quiet = 0
		}
	}
}

// slow counts the requests that the manager has kept for more than 25 ms so far, which does not depend on how busy the API server is.
func (r *warningReplica) slow(b *testing.B) float64 {
	b.Helper()
	const name = "journey_operator_warnings_duration_seconds"
	return r.metric(b, name+"_count") - r.metric(b, name+`_bucket{le="0.025"}`)
}

func (r *warningReplica) metric(b *testing.B, name string) float64 {
	b.Helper()
	_, body, err := r.get("http://"+r.metrics+"/metrics", "")
	if err != nil {
		b.Fatal(err)
	}
	_, line, _ := strings.Cut(body, "\n"+name+" ")
	line, _, _ = strings.Cut(line, "\n")
	value, err := strconv.ParseFloat(line, 64)
	if err != nil {
		b.Fatalf("the metric %s: %v", name, err)
	}
	return value
}

// load is that of the machine, where the system tells.
func load() string {
	data, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Join(strings.Fields(string(data))[:1], " ")
}
