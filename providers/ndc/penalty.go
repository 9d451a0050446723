package ndc

import (
	"strings"

	"fanfare/providers/document"
	"fanfare/providers/travel"
)

type penalty struct {
	refundable, changeable travel.Answered
	cancelFee, changeFee   amount
	freeCancel, freeChange bool // a fee is denied
}

const (
	penaltyID = iota
	penaltyCancelFeeInd
	penaltyChangeFeeInd
	penaltyRefundableInd
	penaltyChangeAllowedInd
	penaltyDetails
	penaltyDetail
	penaltyTypeCode
	penaltyPenaltyAmount
	penaltyAppCode
	penaltyType
	penaltyApplication
	penaltyAmounts
	penaltyAmount
	penaltyCurrencyAmountValue
	penaltyJourneyStageCode
	penaltyAmountApplication
)

var penaltyNames = document.NewKeys([]string{
	penaltyID: "PenaltyID", penaltyCancelFeeInd: "CancelFeeInd", penaltyChangeFeeInd: "ChangeFeeInd",
	penaltyRefundableInd: "RefundableInd", penaltyChangeAllowedInd: "ChangeAllowedInd", penaltyDetails: "Details",
	penaltyDetail: "Detail", penaltyTypeCode: "TypeCode", penaltyPenaltyAmount: "PenaltyAmount", penaltyAppCode: "AppCode",
	penaltyType: "Type", penaltyApplication: "Application", penaltyAmounts: "Amounts", penaltyAmount: "Amount",
	penaltyCurrencyAmountValue: "CurrencyAmountValue", penaltyJourneyStageCode: "JourneyStageCode",
	penaltyAmountApplication: "AmountApplication",
}...)

// readPenalty reads a penalty of the list, or one that stands in an offer: that one is a
// reference if it has refs, and else gets into refs itself.
func (d *decoder) readPenalty(refs *[]int32) {
	x := d.x
	if named := d.key("refs", "PenaltyRefs"); named != "" && refs != nil {
		d.split(named, refs)
	}
	p := penalty{refundable: document.XMLBool(x.Attr("RefundableInd")), changeable: document.XMLBool(x.Attr("ChangeAllowedInd"))}
	cancelFee, changeFee := document.XMLBool(x.Attr("CancelFeeInd")), document.XMLBool(x.Attr("ChangeFeeInd"))
	key := d.key("PenaltyID", "ObjectKey", "ListKey")
	var detail detail
	for c := x.Children(penaltyNames); c.Next(); {
		switch c.Key() {
		case penaltyID:
			key = x.View()
		case penaltyCancelFeeInd:
			cancelFee = x.Bool()
		case penaltyChangeFeeInd:
			changeFee = x.Bool()
		case penaltyRefundableInd:
			p.refundable = x.Bool()
		case penaltyChangeAllowedInd:
			p.changeable = x.Bool()
		case penaltyDetails, penaltyDetail:
			d.readDetails(&p, c.Key() == penaltyDetail)
		default:
			d.readDetail(&detail, c.Key())
		}
	}
	detail.into(&p)
	if detail.after { // it says nothing of what may be done before
		p, cancelFee, changeFee = penalty{}, travel.Unknown, travel.Unknown
	}
	p.freeCancel, p.freeChange = cancelFee == travel.No, changeFee == travel.No
	if p.refundable == travel.Unknown && cancelFee == travel.Yes && p.cancelFee.text != "" {
		p.refundable = travel.Yes // what has a fee is allowed
	}
	if p.changeable == travel.Unknown && changeFee == travel.Yes && p.changeFee.text != "" {
		p.changeable = travel.Yes
	}
	if refs != nil && p == (penalty{}) {
		return
	}
	d.penalties = append(d.penalties, p)
	switch {
	case refs == nil:
		d.define(key, penaltyKind, len(d.penalties)-1)
	default:
		own := id{}
		own.is[penaltyKind] = int32(len(d.penalties))
		d.ids = append(d.ids, own)
		*refs = append(*refs, int32(len(d.ids)-1))
	}
}

// detail is a fee with what it is for.
type detail struct {
	kind  string
	after bool
	fee   amount
}

// into gives the penalty the fee, if it is one before departure.
func (t *detail) into(p *penalty) {
	if t.after || t.fee.text == "" {
		return
	}
	switch kind := strings.ToLower(t.kind); {
	case strings.Contains(kind, "change"), strings.Contains(kind, "reissue"), strings.Contains(kind, "exchange"):
		p.changeFee = t.fee
	case strings.Contains(kind, "cancel"), strings.Contains(kind, "refund"):
		p.cancelFee = t.fee
	}
}

// readDetails reads Details with a Detail each, or one Detail.
func (d *decoder) readDetails(p *penalty, one bool) {
	var t detail
	for c := d.x.Children(penaltyNames); c.Next(); {
		if c.Key() == penaltyDetail && !one {
			d.readDetails(p, true)
		} else {
			d.readDetail(&t, c.Key())
		}
	}
	t.into(p)
}

func (d *decoder) readDetail(t *detail, key int) {
	x := d.x
	switch key {
	case penaltyTypeCode, penaltyType:
		t.kind = x.View()
	case penaltyAppCode, penaltyApplication, penaltyJourneyStageCode, penaltyAmountApplication:
		t.after = t.after || afterDeparture(x.View())
	case penaltyPenaltyAmount, penaltyAmounts, penaltyAmount, penaltyCurrencyAmountValue:
		if !x.Nested() {
			t.fee = d.amount("")
			return
		}
		for c := x.Children(penaltyNames); c.Next(); {
			d.readDetail(t, c.Key())
		}
	}
}
