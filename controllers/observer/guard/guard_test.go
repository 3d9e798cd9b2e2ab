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

package guard

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"golang.org/x/time/rate"
)

func newTestClient(t *testing.T, url string, change func(*Options)) *http.Client {
	t.Helper()
	o := Options{
		URL: url, Transport: NewTransport(true), Limiter: rate.NewLimiter(rate.Inf, 1), UserAgent: "test", Timeout: time.Second, MaxBytes: 1000,
	}
	if change != nil {
		change(&o)
	}
	client, err := NewClient(o)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func fetch(t *testing.T, client *http.Client, url string) (string, error) {
	t.Helper()
	response, err := client.Get(url)
	if err != nil {
		return "", err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	return string(body), err
}

func wantReason(t *testing.T, what string, err error, want string) {
	t.Helper()
	if err == nil {
		t.Errorf("%s: no error, want %s", what, want)
		return
	}
	if got := Problem(err).Reason; got != want {
		t.Errorf("%s: %s (%v), want %s", what, got, err, want)
	}
}

// TestAddresses lists what is never asked, in the forms that it can be written in.
func TestAddresses(t *testing.T) {
	t.Parallel()
	refused := []string{
		"127.0.0.1:80", "127.9.9.9:80", "[::1]:80", "[::ffff:127.0.0.1]:80", "0.0.0.0:80", "[::]:80", "0.1.2.3:80",
		"169.254.169.254:80", "[::ffff:169.254.169.254]:80", "[::ffff:a9fe:a9fe]:80", "[fe80::1]:80", "[fe80::1%eth0]:80", "[fd00:ec2::254]:80",
		"[fd20:ce::254]:80", "100.100.100.200:80", "168.63.129.16:80", "192.0.0.192:80", "224.0.0.1:80", "[ff02::1]:80", "255.255.255.255:80",
		"[64:ff9b::169.254.169.254]:80", "[64:ff9b::7f00:1]:80", "[2002:a9fe:a9fe::1]:80", "localhost:80", "",
	}
	for _, address := range refused {
		if err := checkAddress(address, false); !errors.Is(err, errRefusedAddress) {
			t.Errorf("%s: %v", address, err)
		}
	}
	for _, address := range []string{"10.1.2.3:9090", "192.168.1.1:443", "1.1.1.1:443", "[2606:4700::1111]:443", "[fd12::1]:9090", "[64:ff9b::1.1.1.1]:443"} {
		if err := checkAddress(address, false); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
	for _, address := range []string{"127.0.0.1:80", "[::1]:80"} {
		if err := checkAddress(address, true); err != nil {
			t.Errorf("%s, with loopback: %v", address, err)
		}
	}
	if err := checkAddress("169.254.169.254:80", true); err == nil {
		t.Error("with loopback, the metadata service may be asked")
	}
}

// TestNamesThatLeadToThisMachine: what is dialed counts, whatever the name was.
func TestNamesThatLeadToThisMachine(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it was reached") }))
	defer server.Close()
	_, port, _ := strings.Cut(strings.TrimPrefix(server.URL, "http://"), ":")
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]"} {
		url := "http://" + host + ":" + port
		client := newTestClient(t, url, func(o *Options) { o.Transport = NewTransport(false) })
		_, err := fetch(t, client, url)
		if err == nil {
			t.Errorf("%s was asked", url)
			continue
		}
		if reason := Problem(err).Reason; reason != ReasonAddressRefused && reason != ReasonUnreachable && reason != ReasonTimedOut {
			t.Errorf("%s: %s", url, reason)
		}
	}
	client := newTestClient(t, server.URL, func(o *Options) { o.Transport = NewTransport(false) })
	_, err := fetch(t, client, server.URL)
	wantReason(t, "loopback", err, ReasonAddressRefused)
}

func TestOnlyTheSource(t *testing.T) {
	t.Parallel()
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("another host was asked") }))
	defer other.Close()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/here":
			http.Redirect(w, r, "/there", http.StatusFound)
		case "/there":
			_, _ = fmt.Fprint(w, r.Header.Get("Authorization"), " ", r.UserAgent())
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		default:
			http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
		}
	}))
	defer server.Close()
	client := newTestClient(t, server.URL, func(o *Options) {
		o.Credentials = func(context.Context) (string, error) { return " s3cret\n", nil }
	})
	if body, err := fetch(t, client, server.URL+"/here"); err != nil || body != "Bearer s3cret test" {
		t.Errorf("a redirect on the host: %q, %v", body, err)
	}
	for _, url := range []string{
		server.URL + "/away", other.URL, strings.Replace(server.URL, "http://", "https://", 1), strings.Replace(server.URL, "http://", "http://user:pass@", 1),
	} {
		_, err := fetch(t, client, url)
		wantReason(t, url, err, ReasonRedirected)
		if err != nil && strings.Contains(err.Error(), "s3cret") {
			t.Errorf("the error has the token: %v", err)
		}
	}
	if _, err := fetch(t, client, server.URL+"/loop"); err == nil {
		t.Error("a redirect to itself is followed")
	}
}

func TestCredentials(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = fmt.Fprint(w, r.Header.Get("Authorization")) }))
	defer server.Close()
	secret, fails := "", error(nil)
	client := newTestClient(t, server.URL, func(o *Options) {
		o.Credentials = func(context.Context) (string, error) { return secret, fails }
	})
	for given, want := range map[string]string{
		"abc": "Bearer abc", " abc\n": "Bearer abc", "Bearer abc": "Bearer abc", "Basic dTpw": "Basic dTpw", "Basically": "Bearer Basically",
	} {
		secret = given
		if body, err := fetch(t, client, server.URL); err != nil || body != want {
			t.Errorf("%q: %q, %v", given, body, err)
		}
	}
	for _, secret = range []string{"", "\n", "abc\ndef", "abc\x00"} {
		_, err := fetch(t, client, server.URL)
		wantReason(t, fmt.Sprintf("%q", secret), err, ReasonCredentialsMissing)
		if err != nil && strings.Contains(err.Error(), "abc") {
			t.Errorf("the error has the token: %v", err)
		}
	}
	fails = errors.New("no such Secret")
	_, err := fetch(t, client, server.URL)
	wantReason(t, "a Secret that is not there", err, ReasonCredentialsMissing)
}

func TestSizes(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text := strings.Repeat("x", len(r.URL.RawQuery))
		if r.URL.Path == "/told" {
			w.Header().Set("Content-Length", fmt.Sprint(len(text)))
		}
		_, _ = fmt.Fprint(w, text[:len(text)/2])
		w.(http.Flusher).Flush()
		_, _ = fmt.Fprint(w, text[len(text)/2:])
	}))
	defer server.Close()
	client := newTestClient(t, server.URL, nil)
	for _, path := range []string{"/", "/told"} {
		if body, err := fetch(t, client, server.URL+path+"?"+strings.Repeat("q", 1000)); err != nil || len(body) != 1000 {
			t.Errorf("%s of 1000 bytes: %d, %v", path, len(body), err)
		}
		_, err := fetch(t, client, server.URL+path+"?"+strings.Repeat("q", 1001))
		wantReason(t, path+" of 1001 bytes", err, ReasonTooLarge)
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/body" {
			_, _ = fmt.Fprint(w, "a beginning")
			w.(http.Flusher).Flush()
		}
		<-r.Context().Done()
	}))
	defer server.Close()
	client := newTestClient(t, server.URL, func(o *Options) { o.Timeout = 50 * time.Millisecond })
	for _, path := range []string{"/", "/body"} {
		_, err := fetch(t, client, server.URL+path)
		wantReason(t, path, err, ReasonTimedOut)
	}
	// A turn that never comes.
	waiting := newTestClient(t, server.URL, func(o *Options) { o.Limiter = rate.NewLimiter(0, 0) })
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := waiting.Do(request)
	if err == nil {
		_ = response.Body.Close()
	}
	wantReason(t, "a turn that never comes", err, ReasonTimedOut)
}

func TestURLs(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"", "prometheus:9090", "ftp://host", "http://", "http://user:hunter2@host", "http://user@host", "http://ho\x7fst", "//host"} {
		_, err := NewClient(Options{URL: url})
		if err == nil {
			t.Errorf("%q is taken", url)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("the error has the password: %v", err)
		}
	}
}

func TestStatus(t *testing.T) {
	t.Parallel()
	in := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(http.TimeFormat) }
	for name, test := range map[string]struct {
		code   int
		header map[string]string
		reason string
		wait   time.Duration
	}{
		"fine":                {code: 204},
		"too often":           {code: 429, header: map[string]string{"Retry-After": "7"}, reason: ReasonRateLimited, wait: 7 * time.Second},
		"too often, until":    {code: 429, header: map[string]string{"Retry-After": in(time.Minute)}, reason: ReasonRateLimited, wait: time.Minute},
		"too often, in past":  {code: 429, header: map[string]string{"Retry-After": in(-time.Minute)}, reason: ReasonRateLimited},
		"too often, nonsense": {code: 429, header: map[string]string{"Retry-After": "soon"}, reason: ReasonRateLimited},
		"for ever":            {code: 503, header: map[string]string{"Retry-After": "99999999999"}, reason: ReasonServerError, wait: 24 * time.Hour},
		"negative":            {code: 503, header: map[string]string{"Retry-After": "-5"}, reason: ReasonServerError},
		"GitHub's limit": {
			code: 403, header: map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": fmt.Sprint(time.Now().Add(time.Hour).Unix())},
			reason: ReasonRateLimited, wait: time.Hour,
		},
		"forbidden":    {code: 403, header: map[string]string{"X-RateLimit-Remaining": "10"}, reason: ReasonUnauthorized},
		"unauthorized": {code: 401, reason: ReasonUnauthorized},
		"not found":    {code: 404, reason: ReasonRefused},
		"a redirect":   {code: 304, reason: ReasonRefused},
		"broken":       {code: 500, reason: ReasonServerError},
	} {
		response := &http.Response{StatusCode: test.code, Header: http.Header{}}
		for key, value := range test.header {
			response.Header.Set(key, value)
		}
		problem, wait := Status(response)
		reason := ""
		if problem != nil {
			reason = problem.Reason
		}
		if reason != test.reason || wait > test.wait || wait < test.wait-5*time.Second {
			t.Errorf("%s: %s, %s, want %s, %s", name, reason, wait, test.reason, test.wait)
		}
	}
}
