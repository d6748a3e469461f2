// Unpack what html.py packed: base64 of deflated JSON.

export async function unpack(text) {
  const bytes = Uint8Array.from(atob(text.trim()), character => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).json();
}

// A recording in a file beside the page: a classic script, which file:// allows, calls this with it.
export function loadBeside(name) {
  return new Promise((resolve, reject) => {
    globalThis.ringwalkRecording = (given, text) => {
      if (given === name) resolve(unpack(text));
    };
    const script = document.createElement("script");
    script.src = `${name}.js`;
    script.onerror = () => reject(new Error(`${name}.js is not beside this page`));
    document.head.append(script);
  });
}
