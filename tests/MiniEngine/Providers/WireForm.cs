using System.Buffers;
using Grpc.Core;

namespace MiniEngine.Providers;

/// <summary>Messages as the bytes that a socket would carry.</summary>
internal static class WireForm
{
    public static byte[] Write<T>(Marshaller<T> marshaller, T message)
    {
        var writing = new Writing();
        marshaller.ContextualSerializer(message, writing);
        return writing.Written;
    }

    public static T Read<T>(Marshaller<T> marshaller, byte[] message) => marshaller.ContextualDeserializer(new Reading(message));

    private sealed class Writing : SerializationContext
    {
        private readonly ArrayBufferWriter<byte> buffer = new();

        public byte[] Written { get; private set; } = [];

        public override void Complete(byte[] payload) => Written = payload;

        public override IBufferWriter<byte> GetBufferWriter() => buffer;

        public override void SetPayloadLength(int payloadLength)
        {
            // the buffer grows
        }

        public override void Complete() => Written = buffer.WrittenSpan.ToArray();
    }

    private sealed class Reading(byte[] message) : DeserializationContext
    {
        public override int PayloadLength => message.Length;

        public override byte[] PayloadAsNewBuffer() => [.. message];

        public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => new(message);
    }
}
