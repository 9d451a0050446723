package ota

import (
	"strconv"
	"time"

	"fanfare/providers/document"
	"fanfare/providers/opentravel"
	"fanfare/providers/travel"
)

// terms is what is said of cancelling and paying, at some place of a document.
type terms struct {
	penalties []penalty
	payment   travel.Payment
}

// penalty is a CancelPenalty as read.
type penalty struct {
	never       travel.Answered // refunded
	noCancel    bool
	deadline    document.Wall // the zero value without one
	offset      time.Duration // ahead of arrival, or behind booking
	at          time.Duration // hour of that day, from midnight on
	before      bool          // the offset is ahead of arrival
	fromBooking bool
	until       bool    // there is a deadline, also one that cannot be told
	percent     float64 // -1 without
	nights      int
	amount      opentravel.Amount
}

// ratePlan is the conditions that rates refer to.
type ratePlan struct {
	code, id   string
	board      travel.Board
	conditions terms
	closed     bool
}

const (
	planRatePlanCode = iota
	planRatePlanID
	planCancelPenalties
	planMealsIncluded
	planGuarantee
	planPrepaidIndicator
	planAvailabilityStatus
)

var planNames = opentravel.NewNames([]string{
	planRatePlanCode: "RatePlanCode", planRatePlanID: "RatePlanID|ratePlanID", planCancelPenalties: "CancelPenalties",
	planMealsIncluded: "MealsIncluded", planGuarantee: "Guarantee", planPrepaidIndicator: "PrepaidIndicator",
	planAvailabilityStatus: "AvailabilityStatus",
}...)

func (h *hotelDocument) plan() ratePlan {
	var p ratePlan
	for f := h.d.Fields(planNames); f.Next(); {
		switch f.Key() {
		case planRatePlanCode:
			p.code = h.d.Intern()
		case planRatePlanID:
			p.id = h.d.Intern()
		case planCancelPenalties:
			h.penalties(&p.conditions)
		case planMealsIncluded:
			p.board = h.board()
		case planGuarantee:
			h.guarantee(&p.conditions)
		case planPrepaidIndicator:
			if h.d.Bool() == travel.Yes {
				p.conditions.payment = travel.PayNow
			}
		case planAvailabilityStatus:
			p.closed = closed(h.d.View())
		}
	}
	return p
}

var penaltiesNames = opentravel.NewNames("CancelPenalty")

const (
	penaltyNonRefundable = iota
	penaltyNoCancelInd
	penaltyDeadline
	penaltyAmountPercent
)

var penaltyNames = opentravel.NewNames([]string{
	penaltyNonRefundable: "NonRefundable", penaltyNoCancelInd: "NoCancelInd", penaltyDeadline: "Deadline",
	penaltyAmountPercent: "AmountPercent",
}...)

const (
	deadlineAbsoluteDeadline = iota
	deadlineOffsetTimeUnit
	deadlineOffsetUnitMultiplier
	deadlineOffsetDropTime
)

var deadlineNames = opentravel.NewNames([]string{
	deadlineAbsoluteDeadline: "AbsoluteDeadline", deadlineOffsetTimeUnit: "OffsetTimeUnit",
	deadlineOffsetUnitMultiplier: "OffsetUnitMultiplier", deadlineOffsetDropTime: "OffsetDropTime",
}...)

const (
	percentPercent = iota
	percentNmbrOfNights
	percentAmount
	percentCurrencyCode
	percentDecimalPlaces
)

var percentNames = opentravel.NewNames([]string{
	percentPercent: "Percent", percentNmbrOfNights: "NmbrOfNights", percentAmount: "Amount", percentCurrencyCode: "CurrencyCode",
	percentDecimalPlaces: "DecimalPlaces",
}...)

func (h *hotelDocument) penalties(t *terms) {
	for f := h.d.Items(penaltiesNames); f.Next(); {
		p := penalty{percent: -1}
		for g := h.d.Fields(penaltyNames); g.Next(); {
			switch g.Key() {
			case penaltyNonRefundable:
				p.never = h.d.Bool()
			case penaltyNoCancelInd:
				p.noCancel = h.d.Bool() == travel.Yes
			case penaltyDeadline:
				h.deadline(&p)
			case penaltyAmountPercent:
				h.loss(&p)
			}
		}
		if len(t.penalties) < maxInside {
			t.penalties = append(t.penalties, p)
		}
	}
}

// units of OffsetTimeUnit; months and years have no length, and nobody cancels in seconds.
var units = map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour, "week": 7 * 24 * time.Hour}

// deadline reads a Deadline: a time, a day, from the beginning of which on it costs, or an
// hour of the day that an offset leads to, without one of the day of arrival. An offset from
// nothing is ahead of arrival.
func (h *hotelDocument) deadline(p *penalty) {
	var unit time.Duration
	times, drop, hour := 0.0, "", false
	p.until = true
	var room [24]byte
	for f := h.d.Fields(deadlineNames); f.Next(); {
		switch f.Key() {
		case deadlineAbsoluteDeadline:
			text := h.d.View()
			if len(text) == len("2027-03-01") {
				text += "T00:00"
			}
			if p.deadline = opentravel.Wall(text); p.deadline.Year == 0 && len(text) < 20 {
				at := opentravel.Wall("2027-03-01T" + text)
				hour = at.Year != 0 && at.Zone == document.NoZone
				p.at = time.Duration(at.Hour)*time.Hour + time.Duration(at.Minute)*time.Minute
			}
		case deadlineOffsetTimeUnit:
			unit = units[string(word(&room, h.d.View()))]
		case deadlineOffsetUnitMultiplier:
			if n, err := strconv.ParseFloat(h.d.View(), 64); err == nil && n >= 0 && n < 1000 {
				times = n
			}
		case deadlineOffsetDropTime:
			drop = h.d.Keep(string(word(&room, h.d.View())))
		}
	}
	switch {
	case drop == "afterbooking" || drop == "afterconfirmation":
		p.fromBooking = unit != 0 && times == 0
	case drop != "" && drop != "beforearrival":
	case unit != 0 || hour:
		p.before, p.offset = true, time.Duration(times*float64(unit))
	}
}

func (h *hotelDocument) loss(p *penalty) {
	for f := h.d.Fields(percentNames); f.Next(); {
		switch f.Key() {
		case percentPercent:
			if n, err := strconv.ParseFloat(h.d.View(), 64); err == nil && n >= 0 && n <= 1000 {
				p.percent = n
			}
		case percentNmbrOfNights:
			p.nights, _ = h.d.Int()
		case percentAmount:
			p.amount.Text = h.amount()
		case percentCurrencyCode:
			p.amount.Currency = h.d.Intern()
		case percentDecimalPlaces:
			if n, ok := h.d.Int(); ok && n >= 0 && n <= 6 {
				p.amount.Decimals = int8(n) + 1
			}
		}
	}
}

var (
	policiesNames = opentravel.NewNames("GuaranteePayment")
	paymentNames  = opentravel.NewNames("GuaranteeType", "PaymentCode", "Type", "GuaranteeCode")
)

// policies reads PaymentPolicies.
func (h *hotelDocument) policies(t *terms) {
	for f := h.d.Fields(policiesNames); f.Next(); {
		h.guarantee(t)
	}
}

// deposit reads DepositPayments, which are deposits unless they say otherwise.
func (h *hotelDocument) deposit(t *terms) {
	before := t.payment
	h.policies(t)
	if before == travel.PaymentUnknown && t.payment == travel.PaymentUnknown {
		t.payment = travel.PayDeposit
	}
}

// guarantee reads a Guarantee, or a GuaranteePayment: when a stay is paid.
func (h *hotelDocument) guarantee(t *terms) {
	for f := h.d.Fields(paymentNames); f.Next(); {
		if p := paymentOf(h.d.View()); t.payment == travel.PaymentUnknown {
			t.payment = p
		}
	}
}

// paymentOf reads the standard's GuaranteeType and the words that partners use for it.
func paymentOf(kind string) travel.Payment {
	var room [24]byte
	switch string(word(&room, kind)) {
	case "guaranteerequired", "ccdcvoucher", "guarantee", "creditcard":
		return travel.PayGuarantee
	case "deposit", "depositrequired":
		return travel.PayDeposit
	case "prepay", "prepayrequired", "requiredpayment", "prepaid":
		return travel.PayNow
	case "none", "noguaranteesaccepted", "guaranteesnotaccepted", "payathotel":
		return travel.PayAtProperty
	}
	return travel.PaymentUnknown
}

// cancellation makes instants of penalties. zone is the property's, nil if unknown; total
// is what the stay costs, nights what each of them does, if that is known.
func (h *hotelDocument) cancellation(a *travel.Answer, penalties []penalty, in, out travel.Date, zone func() *time.Location, total travel.Money, nights []travel.Money) travel.Cancellation {
	var c travel.Cancellation
	always := false
	for i := range penalties {
		p := &penalties[i]
		timed := p.deadline.Year != 0 || p.before
		switch {
		case p.never == travel.Yes || p.fromBooking:
			return travel.Cancellation{Refundable: travel.No}
		case p.noCancel && !timed:
			return travel.Cancellation{Refundable: travel.No}
		case p.noCancel:
			a.Note("cancellation_contradicts", 1) // some write it of rates that are free until a deadline
		}
		if !timed {
			switch all := p.percent >= 100 && p.nights == 0; {
			case all && p.never == travel.No: // it says both
				a.Note("cancellation_contradicts", 1)
			case all && !p.until:
				always = true
			case p.never == travel.No:
				c.Refundable = travel.Yes
			}
			continue
		}
		c.Refundable = travel.Yes
		at, ok := p.instant(in, zone)
		if !ok {
			a.Note("cancellation_unreadable", 1)
			continue
		}
		if p.deadline.Zone == document.NoZone {
			a.Note("deadline_zone_assumed", 1)
		}
		c.Steps = append(c.Steps, travel.CancellationStep{From: at, Fee: p.fee(h, total, nights, int(out-in))})
	}
	if always && c.Refundable == travel.Unknown {
		return travel.Cancellation{Refundable: travel.No} // all is lost, whenever
	}
	return inOrder(c)
}

// inOrder sorts the steps and says until when cancelling is free.
func inOrder(c travel.Cancellation) travel.Cancellation {
	for i := 1; i < len(c.Steps); i++ {
		for j := i; j > 0 && c.Steps[j].From.Before(c.Steps[j-1].From); j-- {
			c.Steps[j], c.Steps[j-1] = c.Steps[j-1], c.Steps[j]
		}
	}
	kept := c.Steps[:0]
	for _, s := range c.Steps {
		if !s.Fee.Known() || s.Fee.Minor > 0 {
			kept = append(kept, s)
		}
	}
	if c.Steps = kept; len(kept) > 0 {
		c.FreeUntil = kept[0].From
	} else {
		c.Steps = nil
	}
	return c
}

// instant is when a penalty begins. An offset counts from the beginning of the day of
// arrival, as the hour of arrival is not stated: rather too early than too late.
func (p *penalty) instant(in travel.Date, zone func() *time.Location) (time.Time, bool) {
	if p.deadline.Year != 0 && p.deadline.Zone != document.NoZone {
		return p.deadline.Instant(nil), true
	}
	loc := zone()
	if loc != nil && p.deadline.Year != 0 {
		return p.deadline.Instant(loc), true
	}
	if loc == nil || in == 0 {
		return time.Time{}, false
	}
	day := in.Time()
	return time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, loc).Add(p.at - p.offset).UTC(), true
}

// fee is what a penalty costs of a stay of so many nights, not stated if it cannot be told.
// A percentage beside nights is of these.
func (p *penalty) fee(h *hotelDocument, total travel.Money, nights []travel.Money, stay int) travel.Money {
	of := total
	switch {
	case p.amount.Text != "":
		if m, rule := h.money(p.amount, string(total.Currency)); rule == "" {
			return m
		}
		return travel.Money{}
	case p.nights > 0 && p.nights <= len(nights) && p.nights < stay:
		of.Minor = 0
		for _, n := range nights[:p.nights] {
			of.Minor += n.Minor
		}
	case p.nights > 0 && (stay <= 0 || p.nights < stay), p.nights == 0 && p.percent < 0:
		return travel.Money{}
	}
	if p.percent >= 0 {
		hundredths := int64(p.percent*100 + 0.5)
		of.Minor = (of.Minor*hundredths + 5000) / 10000
	}
	return of
}
