using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace MiniEngine.State;

/// <summary>Encrypts with a passphrase: AES-256-GCM, the key by PBKDF2. Text format: <c>v1:salt:nonce:tag and cipher</c>, each in base64.</summary>
internal sealed class Vault
{
    public const string Variable = "PULUMI_CONFIG_PASSPHRASE";
    private const int Iterations = 200_000;

    /// <summary>One salt for everything that this process encrypts, because deriving a key is slow on purpose.</summary>
    private static readonly byte[] Salt = RandomNumberGenerator.GetBytes(16);
    private static readonly ConcurrentDictionary<(string Passphrase, string Salt), byte[]> Keys = new();

    private static readonly ConcurrentDictionary<string, Vault> Vaults = new();

    private readonly string? passphrase;

    private Vault(string? passphrase) => this.passphrase = passphrase;

    /// <param name="passphrase">The passphrase; null: none was given, and nothing secret can be stored.</param>
    public static Vault Of(string? passphrase) => passphrase is null ? new(null) : Vaults.GetOrAdd(passphrase, _ => new(passphrase));

    public string Encrypt(string text)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        var nonce = RandomNumberGenerator.GetBytes(AesGcm.NonceByteSizes.MaxSize);
        var sealedText = new byte[AesGcm.TagByteSizes.MaxSize + plain.Length];
        using var cipher = Cipher(Salt);
        cipher.Encrypt(nonce, plain, Body(sealedText), Tag(sealedText));
        return $"v1:{Convert.ToBase64String(Salt)}:{Convert.ToBase64String(nonce)}:{Convert.ToBase64String(sealedText)}";
    }

    public string Decrypt(string text)
    {
        if (text.Split(':') is not ["v1", var itsSalt, var nonce, var itsText])
            throw new UserException("A secret is not in MiniEngine's form. Set it again with: minien config set --secret KEY VALUE");
        var sealedText = Convert.FromBase64String(itsText);
        var plain = new byte[sealedText.Length - AesGcm.TagByteSizes.MaxSize];
        using var cipher = Cipher(Convert.FromBase64String(itsSalt));
        try
        {
            cipher.Decrypt(Convert.FromBase64String(nonce), Body(sealedText), Tag(sealedText), plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            throw new UserException($"{Variable} is not the passphrase that the stack's secrets were encrypted with.");
        }
        return Encoding.UTF8.GetString(plain);
    }

    private AesGcm Cipher(byte[] itsSalt)
    {
        if (passphrase is null)
            throw new UserException($"The stack has secrets, and {Variable} is not set. Set it to the stack's passphrase.");
        var key = Keys.GetOrAdd((passphrase, Convert.ToBase64String(itsSalt)), _ => Rfc2898DeriveBytes.Pbkdf2(passphrase, itsSalt, Iterations, HashAlgorithmName.SHA256, 32));
        return new(key, AesGcm.TagByteSizes.MaxSize);
    }

    private static Span<byte> Tag(byte[] sealedText) => sealedText.AsSpan(..AesGcm.TagByteSizes.MaxSize);

    private static Span<byte> Body(byte[] sealedText) => sealedText.AsSpan(AesGcm.TagByteSizes.MaxSize..);
}
