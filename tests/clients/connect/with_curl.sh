# CURL_CA_BUNDLE is the `certificateFile` of the emulator.
token=$(curl --silent --fail-with-body "$EMULATOR/contoso.example/oauth2/v2.0/token" \
  --data grant_type=client_credentials --data client_id=22222222-2222-2222-2222-222222222222 \
  --data client_secret=emulator-secret --data-urlencode "scope=$EMULATOR/.default" \
  | sed 's/.*"access_token":"\([^"]*\)".*/\1/')
curl --silent --fail-with-body --header "Authorization: Bearer $token" \
  "$EMULATOR/v1.0/users/ana@contoso.example?\$select=id,displayName"
