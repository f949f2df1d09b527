using System.Security.Cryptography;
using System.Text;
using PgFleet.Postgres.Sql;

namespace PgFleet.Tests.Postgres.Sql;

public sealed class ScramVerifierTests
{
    /// <summary>The exchange printed in RFC 7677, section 3: the server's signature follows from the verifier's last part.</summary>
    [Fact]
    public void Agrees_with_the_example_of_the_standard()
    {
        const string exchange =
            "n=user,r=rOprNGfwEbeRWgbNEkqO,"
            + "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"
            + "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
        var verifier = ScramVerifier.Make("pencil", Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ==")).Reveal();
        var serverKey = Convert.FromBase64String(verifier[(verifier.LastIndexOf(':') + 1)..]);
        Assert.Equal("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", Convert.ToBase64String(HMACSHA256.HashData(serverKey, Encoding.UTF8.GetBytes(exchange))));
    }

    [Fact]
    public void Salts_each_anew() => Assert.NotEqual(ScramVerifier.Make("pencil"), ScramVerifier.Make("pencil"));
}
