"""CAP alerts in the manner of publishers in several countries, written by us: their shapes, not their words.

What is modelled: multiple languages, several areas with polygons and circles, geocodes of each country's own, signatures, parameters by the
dozen, elements of their own, CAP 1.1, fractions of a second.
"""

CAP = "urn:oasis:names:tc:emergency:cap:1.2"


def _alert(head: str, *infos: str, ns: str = CAP, tail: str = "", prefix: str = "") -> bytes:
    name, colon = (f":{prefix}", f"{prefix}:") if prefix else ("", "")
    body = head + "".join(infos) + tail
    if prefix:
        body = body.replace("</", f"</{colon}").replace("<", f"<{colon}").replace(f"<{colon}/{colon}", f"</{colon}")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{colon}alert xmlns{name}="{ns}">{body}</{colon}alert>'.encode()


def _info(words: str, area: str = "") -> str:
    return f"<info>{words}{area}</info>"


_URGENT = "<urgency>Immediate</urgency><severity>Severe</severity><certainty>Likely</certainty>"

# The US weather service: SAME and UGC codes, VTEC, many parameters, CDATA-like line breaks in the description.
NWS = _alert(
    "<identifier>urn:oid:2.49.0.1.840.0.0a1b2c.001.1</identifier><sender>w-nws.webmaster@noaa.example</sender>"
    "<sent>2026-06-01T10:15:00-05:00</sent><status>Actual</status><msgType>Update</msgType><scope>Public</scope>"
    "<code>IPAWSv1.0</code><references>w-nws.webmaster@noaa.example,urn:oid:2.49.0.1.840.0.0a1b2c.000.1,2026-06-01T09:55:00-05:00</references>",
    _info(
        "<language>en-US</language><category>Met</category><event>Sample Storm Warning</event>"
        f"<responseType>Shelter</responseType>{_URGENT}<eventCode><valueName>SAME</valueName><value>SVR</value></eventCode>"
        "<eventCode><valueName>NationalWeatherService</valueName><value>SVW</value></eventCode>"
        "<effective>2026-06-01T10:15:00-05:00</effective><onset>2026-06-01T10:15:00-05:00</onset>"
        "<expires>2026-06-01T11:00:00-05:00</expires><senderName>A Sample Office</senderName>"
        "<headline>A sample warning until 11</headline><description>* WHAT...a sample.\n\n* WHERE...nowhere.</description>"
        "<instruction>Do nothing; this is a sample.</instruction><web>http://www.weather.example</web>"
        "<parameter><valueName>AWIPSidentifier</valueName><value>SVRXXX</value></parameter>"
        "<parameter><valueName>VTEC</valueName><value>/O.CON.KXXX.SV.W.0001.000000T0000Z-260601T1600Z/</value></parameter>"
        "<parameter><valueName>maxHailSize</valueName><value>1.00</value></parameter>",
        "<area><areaDesc>First, AA; Second, AA</areaDesc><polygon>38.47,-120.14 38.34,-119.95 38.52,-119.74 38.47,-120.14</polygon>"
        "<geocode><valueName>SAME</valueName><value>006109</value></geocode>"
        "<geocode><valueName>UGC</valueName><value>CAC109</value></geocode></area>",
    ),
)

# A European service in the MeteoAlarm profile: two languages, awareness parameters, EMMA geocodes, namespace prefix.
METEOALARM = _alert(
    "<identifier>2.49.0.1.276.0.SAMPLE.202606011200.1</identifier><sender>opendata@service.example</sender>"
    "<sent>2026-06-01T12:00:00+02:00</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope>",
    *(
        _info(
            f"<language>{language}</language><category>Met</category><event>{event}</event>"
            f"<responseType>Monitor</responseType>{_URGENT}<effective>2026-06-01T12:00:00+02:00</effective>"
            "<onset>2026-06-01T14:00:00+02:00</onset><expires>2026-06-01T20:00:00+02:00</expires>"
            f"<senderName>Ein Dienst</senderName><headline>{event}</headline><description>…</description>"
            "<parameter><valueName>awareness_level</valueName><value>3; orange; Severe</value></parameter>"
            "<parameter><valueName>awareness_type</valueName><value>1; Wind</value></parameter>",
            "<area><areaDesc>Kreis Muster</areaDesc><geocode><valueName>EMMA_ID</valueName><value>DE999</value></geocode>"
            "<altitude>0</altitude><ceiling>9842.5197</ceiling></area>"
            "<area><areaDesc>Kreis Beispiel</areaDesc><geocode><valueName>EMMA_ID</valueName><value>DE998</value></geocode></area>",
        )
        for language, event in (("de-DE", "STURMBÖEN"), ("en-GB", "gale-force gusts"))
    ),
    prefix="cap",
)

# China's warning release system: 31-character identifier, division geocode, zh-CN, a colour in the parameters.
CHINA = _alert(
    "<identifier>37020041600000_20260601080000_0</identifier><sender>37020041600000</sender>"
    "<sent>2026-06-01T08:00:00+08:00</sent><status>Actual</status><msgType>Alert</msgType><source>样例市气象台</source>"
    "<scope>Public</scope><note>样例</note>",
    _info(
        "<language>zh-CN</language><category>Met</category><event>暴雨</event>"
        f"{_URGENT}<eventCode><valueName>GB/T 35561</valueName><value>11B03</value></eventCode>"
        "<effective>2026-06-01T08:00:00+08:00</effective><expires>2026-06-02T08:00:00+08:00</expires>"
        "<senderName>样例市气象台</senderName><headline>样例市气象台发布暴雨橙色预警</headline>"
        "<description>预计未来3小时降雨量将达50毫米以上。</description><instruction>请做好防范。</instruction>"
        "<parameter><valueName>预警颜色</valueName><value>橙色</value></parameter>",
        "<area><areaDesc>青岛市市南区</areaDesc><circle>36.06,120.38 12.5</circle>"
        "<geocode><valueName>国家行政区划代码</valueName><value>370202</value></geocode></area>",
    ),
)

# Canada: English and French, the CAP-CP profile, layered parameters, an enveloped XML signature, an embedded resource.
CANADA = _alert(
    "<identifier>urn:oid:2.49.0.1.124.0000000001.2026</identifier><sender>cap-pac@canada.example</sender>"
    "<sent>2026-06-01T18:00:00-00:00</sent><status>Actual</status><msgType>Cancel</msgType><source>Sample</source>"
    "<scope>Public</scope><code>profile:CAP-CP:0.4</code><code>layer:SOREM:1.0</code>"
    "<references>cap-pac@canada.example,urn:oid:2.49.0.1.124.0000000000.2026,2026-06-01T17:00:00-00:00</references>",
    *(
        _info(
            f"<language>{language}</language><category>Met</category><category>Safety</category><event>sample</event>"
            "<responseType>AllClear</responseType><urgency>Past</urgency><severity>Minor</severity><certainty>Observed</certainty>"
            "<audience>general public</audience>"
            "<eventCode><valueName>profile:CAP-CP:Event:0.4</valueName><value>wind</value></eventCode>"
            "<parameter><valueName>layer:EC-MSC-SMC:1.0:Alert_Type</valueName><value>warning</value></parameter>"
            "<resource><resourceDesc>map</resourceDesc><mimeType>image/png</mimeType><size>4</size>"
            "<derefUri>iVBORw==</derefUri><digest>0123456789abcdef0123456789abcdef01234567</digest></resource>",
            "<area><areaDesc>Sample</areaDesc><polygon>45.0,-76.0 45.0,-75.5 45.5,-75.5 45.0,-76.0</polygon>"
            "<polygon>46.0,-76.0 46.0,-75.5 46.5,-75.5 46.0,-76.0</polygon>"
            "<geocode><valueName>profile:CAP-CP:Location:0.3</valueName><value>3506008</value></geocode></area>",
        )
        for language in ("en-CA", "fr-CA")
    ),
    tail='<Signature xmlns="http://www.w3.org/2000/09/xmldsig#" Id="S"><SignedInfo>'
    '<CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>'
    '<SignatureMethod Algorithm="http://www.w3.org/2000/09/xmldsig#rsa-sha1"/></SignedInfo>'
    "<SignatureValue>c2FtcGxl</SignatureValue></Signature>",
)

# An Italian fire service: an exercise, several circles, elements of its own that the schema does not know, and Z for the time.
ITALY = _alert(
    "<identifier>IT.SAMPLE.2026.1</identifier><sender>sala@vvf.example</sender><sent>2026-06-01T10:00:00.123Z</sent>"
    "<status>Exercise</status><msgType>Alert</msgType><scope>Restricted</scope><restriction>enti</restriction>"
    '<addresses>"Sala Uno" due</addresses><incidents>IT-1</incidents>',
    _info(
        "<language>it-IT</language><category>Fire</category><event>Incendio</event>"
        f"{_URGENT}<headline>Prova</headline><description>Solo una prova.</description>"
        '<squadra xmlns="urn:vvf:example" turno="B">APS 1</squadra>',
        "<area><areaDesc>Roma</areaDesc><circle>41.9,12.5 3</circle><circle>41.8,12.4 1</circle></area>",
    ),
)

# Still in use: CAP 1.1.
OLD = _alert(
    "<identifier>OLD-1</identifier><sender>old@example</sender><sent>2026-06-01T10:00:00+08:00</sent>"
    "<status>Test</status><msgType>Ack</msgType><scope>Private</scope><addresses>a b</addresses>"
    "<references>a,X-1,2026-06-01T09:00:00+08:00</references>",
    ns="urn:oasis:names:tc:emergency:cap:1.1",
)

VALID = {"nws": NWS, "meteoalarm": METEOALARM, "china": CHINA, "canada": CANADA}
ALL = VALID | {"italy": ITALY, "old": OLD}
