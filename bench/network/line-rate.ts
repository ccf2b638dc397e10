/** Bytes per second that plain TCP moves over a line, both ways at once: `listen`, or `connect ADDRESS MEGABYTES`, which prints it. */
import { connect, createServer, type Socket } from 'node:net';

const port = 7701;
const [mode, address = '', megabytes = '200'] = process.argv.slice(2);
const bytes = Number(megabytes) * 1e6;

/** Sends and receives this many; resolves when both are through. */
function exchange(socket: Socket): Promise<void> {
  const piece = Buffer.alloc(1 << 20);
  let sent = 0;
  const send = (): void => {
    while (sent < bytes) {
      sent += piece.length;
      if (!socket.write(piece)) return void socket.once('drain', send);
    }
    socket.end();
  };
  send();
  return new Promise((resolve, reject) =>
    socket
      .on('data', () => {})
      .on('end', resolve)
      .on('error', reject),
  );
}

if (mode === 'listen') {
  const server = createServer({ allowHalfOpen: true }, (socket) => void exchange(socket).then(() => server.close()));
  server.listen(port, () => console.log('listening'));
} else {
  const socket = connect({ port, host: address, allowHalfOpen: true });
  const began = performance.now();
  await exchange(socket);
  console.log(bytes / ((performance.now() - began) / 1000));
  socket.destroy();
}
