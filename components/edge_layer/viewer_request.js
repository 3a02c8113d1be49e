// Leads www to the application's own name, and every page to the one that routes in the browser.
// Files have a dot in their names, pages have none.
function handler(event) {
  var request = event.request;
  var host = request.headers.host.value;
  if (host.startsWith('www.')) {
    return {
      statusCode: 301,
      statusDescription: 'Moved Permanently',
      headers: { location: { value: 'https://app.' + host.slice(4) + request.uri } },
    };
  }
  var last = request.uri.slice(request.uri.lastIndexOf('/') + 1);
  if (!last.includes('.')) {
    request.uri = '/index.html';
  }
  return request;
}
