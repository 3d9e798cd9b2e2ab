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

// Package guard is the only way out for the observer: a client for one Source, which keeps to the Source's own address, asks no oftener
// than it may, waits and reads no longer than it must, and is never led to the machine itself or to the metadata of its cloud. It adds the
// credentials of the Source, and nothing that it returns has them.
package guard

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"
	"golang.org/x/time/rate"
)

// Limits of one request.
const (
	DefaultTimeout  = 30 * time.Second
	DefaultMaxBytes = 2 << 20

	maxRedirects = 3
)

// Options of a client.
type Options struct {
	// URL of the Source. The client asks nothing that has another scheme, host or port.
	URL string
	// Transport that the requests leave through; see NewTransport.
	Transport http.RoundTripper
	// Limiter that every request waits for.
	Limiter *rate.Limiter
	// Credentials returns what the Secret of the Source says, for each request. Nil where the Source has none.
	Credentials func(context.Context) (string, error)
	// UserAgent that the requests have.
	UserAgent string
	// Timeout of a request from the moment that it may begin until its answer has been read; 0 means the default.
	Timeout time.Duration
	// MaxBytes of an answer, unpacked; 0 means the default.
	MaxBytes int64
}

// Faults of requests. Problem puts them into words.
var (
	errElsewhere   = errors.New("the request would go to another address than that of the Source")
	errTooLarge    = errors.New("the answer is too large")
	errCredentials = errors.New("no credentials")
)

// NewClient returns a client for one Source.
func NewClient(o Options) (*http.Client, error) {
	origin, err := url.Parse(o.URL)
	switch {
	case err != nil:
		// The text of the error has the URL, which may have a password in it.
		return nil, errors.New("the url of the Source is no URL: correct it")
	case origin.User != nil:
		return nil, errors.New("the url of the Source has a user in it: move it to a Secret, and name that in secretRef")
	case origin.Host == "" || origin.Scheme != "http" && origin.Scheme != "https":
		return nil, errors.New("the url of the Source must begin with http:// or https:// and a host: correct it")
	}
	if o.Timeout == 0 {
		o.Timeout = DefaultTimeout
	}
	if o.MaxBytes == 0 {
		o.MaxBytes = DefaultMaxBytes
	}
	g := &guard{Options: o, origin: origin}
	return &http.Client{Transport: g, CheckRedirect: g.checkRedirect}, nil
}

// guard is the transport of one Source.
type guard struct {
	Options
	origin *url.URL
}

// RoundTrip asks one thing.
func (g *guard) RoundTrip(request *http.Request) (*http.Response, error) {
	if !g.isOwn(request.URL) {
		return nil, errElsewhere
	}
	if err := g.Limiter.Wait(request.Context()); err != nil {
		return nil, fmt.Errorf("waiting for its turn (%w): %w", err, context.DeadlineExceeded)
	}
	ctx, cancel := context.WithTimeout(request.Context(), g.Timeout)
	response, err := g.ask(request.Clone(ctx))
	if err != nil {
		cancel()
		return nil, err
	}
	if response.ContentLength > g.MaxBytes {
		cancel()
		return nil, errors.Join(errTooLarge, response.Body.Close())
	}
	response.Body = &boundedBody{ReadCloser: response.Body, left: g.MaxBytes, cancel: cancel}
	return response, nil
}

func (g *guard) ask(request *http.Request) (*http.Response, error) {
	if g.Credentials != nil {
		secret, err := g.Credentials(request.Context())
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errCredentials, err)
		}
		authorization, err := authorizationOf(secret)
		if err != nil {
			return nil, err
		}
		request.Header.Set("Authorization", authorization)
	}
	request.Header.Set("User-Agent", g.UserAgent)
	return g.Transport.RoundTrip(request)
}

// authorizationOf is the header for what a Secret says: a token, or the whole header with its scheme.
func authorizationOf(secret string) (string, error) {
	secret = strings.TrimSpace(secret)
	if secret == "" || !httpguts.ValidHeaderFieldValue(secret) {
		return "", fmt.Errorf("%w: the Secret is empty, or has characters that no token has", errCredentials)
	}
	for _, scheme := range []string{"Basic ", "Bearer "} {
		if strings.HasPrefix(secret, scheme) {
			return secret, nil
		}
	}
	return "Bearer " + secret, nil
}

func (g *guard) isOwn(u *url.URL) bool {
	return u.User == nil && u.Scheme == g.origin.Scheme && strings.EqualFold(u.Host, g.origin.Host)
}

func (g *guard) checkRedirect(request *http.Request, via []*http.Request) error {
	if !g.isOwn(request.URL) {
		return errElsewhere
	}
	if len(via) > maxRedirects {
		return fmt.Errorf("%d redirects", len(via))
	}
	return nil
}

// boundedBody fails when more is read than is left.
type boundedBody struct {
	io.ReadCloser
	left   int64
	cancel context.CancelFunc
}

func (b *boundedBody) Read(p []byte) (int, error) {
	// One byte more than is left tells whether there is more.
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.ReadCloser.Read(p)
	if int64(n) > b.left {
		return 0, errTooLarge
	}
	b.left -= int64(n)
	return n, err
}

func (b *boundedBody) Close() error {
	defer b.cancel()
	return b.ReadCloser.Close()
}
