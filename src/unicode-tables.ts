// Made by scripts/gen-unicode.mjs from the Unicode 15.0 character database. Not edited by hand.

/** Grapheme break classes; Hangul syllables are computed. */
export const GRAPHEME_BREAKS: string =
  "c0,9 n1 c1,1 r1 c1,h c2o,w xa c4 x1 egi,33 e7o,6 e7c,18 e2 e2,1 e2,1 e2 p1l,5 eb,a c2 e1b,k eh e2u,6 p1 e2,5 e" +
  "3,1 e2,3 py e2 ev,q e2k,a e1n,8 ea ep,3 e2,8 e2,2 e2,4 e18,2 p1h,1 e7,7 e17,n p1 e1,v s1 e1j s1 e1 s2,2 e1,7 s" +
  "1,3 e1 s1,1 e2,6 eb,1 eu s1,1 e1l e2 s1,1 e1,3 s3,1 s3,1 e1 ea eb,1 er e3,1 s1 e1l s2,2 e1,1 e5,1 e3,2 e4 ev,1" +
  " e4 ec,1 s1 e1l s2,2 e1,4 e2,1 s1 s2,1 e1 el,1 en,5 e2 s1,1 e1l e2,1 s1 e1,3 s3,1 s3,1 e1 e8,2 eb,1 ev e1o s1 " +
  "e1 s1,1 s4,2 s2,2 e1 ea e15 s1,2 e1 e1k e2,2 s1,3 e2,2 e2,3 e8,1 ec,1 eu s1,1 e1l s2 e1 s1,1 e1 s1,1 e2 s1,1 s" +
  "2,1 e1,1 e8,1 ec,1 sg ed,1 s1,1 e1k,1 e2 s1,1 e1,3 s2,2 s2,2 e1 p1 e9 eb,1 eu s1,1 e1z e5 s1,1 e1,2 e2 s2,6 e1" +
  " sj,1 e1q s2 e1,6 ed,7 e2r s2 e1,8 ec,6 e22,1 es e2 e2 s5,1 e1e,d s1 e1,4 e2,1 e6,a e2,z ea e2v,3 s1 e1,5 e2,1" +
  " s1,1 e1,1 so,1 e1,1 e5,2 eh,3 ee s2 e1,1 e7 eg L2r,2n V1,1z T1,2f e9q,2 eqb,2 s1 et,1 s1 eu,1 ev,1 e1t,1 s1 e" +
  "1,6 s1,7 e1 s1,1 e1,a ea e1a,2 c1 e1 e3a,1 ez e3b,2 s1,3 e1,1 s1,2 s5,1 e1 s1,5 e1,2 e64,1 s1,1 e1 s1m e1 s1 e" +
  "1,6 e2 e2 e3,7 s1,5 e1,9 e3 e1d,u e1e,3 s1 e1c,6 s1 e1 s1,4 e1 s1,1 e13,8 ed,1 s1 sv e1,3 s1,1 e1,1 s1 e1,2 e1" +
  "l s1 e1,1 s1,2 e1 s1 e1,2 s1,1 s1d,7 e1,7 s1,1 e1,1 e49,2 e2,c s1 e1,6 e5 e7 s3 e1,1 e5j,1r cek e1 z1 c1,1 cp," +
  "6 xe xd cn,f e2p,w x1e xn x2j,5 xg,1 xa8,1 xd x2o x1z xq,a x5,2 x5k x6g,1 xb xa x1n,3 x2,5 x2,b x2,35 xb,39 x3" +
  ",a x2 x2 x7 x4 x7 xb,1 xg x3 x5 x2 x5,2 x2 xc,4 x1a,2 xa xf xf xad,1 xcw,2 xk,1 x1g x5 ebe,2 e3y e2p,v eff,5 x" +
  "1 xd e2k,1 xe5 x2 emvq,3 e2,9 ex,1 e29,1 e7l e4 e5 so,1 e1,1 s1 e5 s2c,1 s1f,f e1,1 er,h ee e13,7 eq,a s1,1 Ld" +
  ",s e4,2 s1 e1c s1,1 e1,3 s1,1 e1,1 s1,2 e11 e1w,5 s1,1 e1,1 s1,1 e1,1 ed e9 s1 e1b e1g e2,2 e3,1 e6,1 e2 s16 e" +
  "1,1 s1,1 s6 e1 s6l,1 e1 s1,1 e1 s1,1 s2 e1 V8n7,m T5,1c e6xv eki,f eh,f c5s e4f,1 c29,b eea e6b e46,4 e1af,2 e" +
  "2,1 e6,3 e15,2 e5 e4m,1 efy,3 eas,1 e29,2 e1z,a e1e,3 s3f e1 s1 e1i,e e16 e3,1 eb,2 s1 s1a,2 e1,3 s1,1 e1,1 p3" +
  " e5 pb e1f,2 e11,4 s1 e1,7 sh,1 e19 ed,1 s1 s1d,2 e1,8 s1,1 p2,1 e6,3 s2 e1 s2l,2 e1,2 s1,1 e1 s1 e1,1 e7 e3 e" +
  "4e s1,2 e1,7 em,1 s1,1 e1k,1 e2 s1 e1 s1,3 s3,1 s3,2 ea sb,1 e3,6 e4,4 s5d,2 e1,7 s1,1 e1,2 s1 e1 eo e2a s1,1 " +
  "e1,5 s1 e1 s1,1 e1 s1 e1,1 s1 e1,1 e6k s1,1 e1,3 s3,3 e1,1 s1 e1,1 es,1 s2b,2 e1,7 s1,1 e1 s1 e1,1 e2z s1 e1 s" +
  "1,1 e1,5 s1 e1 e2u,2 e3,3 s1 e1,4 s75,2 e1,8 s1 e1,1 e6u s1,4 s2,1 e3,1 s1 e1 p1 s1 p1 s1 e1 s3y,2 e1,3 e3,1 s" +
  "1,3 e1 s4 et,9 e15,5 s1 p1 e1,3 e9 ea,5 s1,1 e1,2 p15,5 e1,c s1 e1,1 sba e1,6 e2,5 s1 e1 e2b,l s2 e1,6 s1 e1,1" +
  " s1 e1,1 e3f,5 e4 e2,1 e2,6 p1 e1 s1v,4 e2,1 s2,1 e1 s1 e1 e9o,1 s1,1 ea,1 p1 s1 s1d,1 e1,4 s4,1 e1 s1 e1 c44u" +
  ",f e1 e7,e easb,4 e1o,6 et5 s2,1i e8,3 e2a sc,1 ef58,1 c2,3 e3ml,19 e3,m ef3 s1 e1,2 s4 e1,4 c1,7 e1,7 e3,6 ev" +
  ",3 e45,2 e1j0,1i e5,1d e9 ef en,4 e2,e e11t,6 e2,g e3,6 e2,1 e2,4 e2t e4h,6 eag e1q,3 ee5,3 erl,6 e32,6 x1bq,7" +
  "3 xe,2 xw x1p,5 xd,1 xf x3,9 xj,1k i1,p x2,e xb xl x3,8 x2,3 xa,c1 e1,4 x1,8t x9,7d x1d,3j x39,b x2e,16 xd,3 x" +
  "1l,7 xb,5 x15,7 xv,29 xd,1a x2,9 x2,c8 x75,sd cgutf,v e1,2n c1,3j e1,6n c1,2rz";

/** ID_Start beyond ASCII, as of Unicode 9.0. */
export const ID_START: string =
  "4q b 5 6,m 2,u 2,cp 5,b f,4 8 2 3m,4 2,1 3,3 2 7 2,2 2 2,j 2,2a 2,3u 9,4l 2,11 3 8,12 21,q 6,2 1a,16 10,1 2,2q" +
  " 2 g,1 8,1 b,2 3 h 2,t u,2g c p,w a,1 5 6,l 5 a 4 o,o 20,k 2,7 1z,1h 4 j 8,9 g,f 5,7 3,1 3,l 2,6 2 4,3 4 h e,1" +
  " 2,2 f,1 k,5 5,1 3,l 2,6 2,1 2,1 2,1 w,3 2 k,2 h,8 2,2 2,l 2,6 2,1 2,4 4 j g,1 o c,7 3,1 3,l 2,6 2,1 2,4 4 v,1" +
  " 2,2 g i 2,5 4,2 2,3 4,1 2 2,1 4,1 4,2 4,b n 1h,7 2,2 2,m 2,f 4 r,2 6,1 v 5,7 2,2 2,m 2,9 2,4 4 x 2,1 g,1 j,7 " +
  "2,2 2,14 3 h 6,2 9,2 p,5 6,h 4,n 2,8 2 3,6 1n,1b 2,1 d,6 1n,1 2 3,1 2 3 7,3 2,6 2,2 2 2 3,1 2,3 2,1 a 3,4 2 m," +
  "3 x 1s,7 2,z s,4 38,16 l h,5 5,3 4 4,1 8,2 5,c d i,11 2 6 3,16 2,98 2,3 3,6 2 2,3 3,14 2,3 3,w 2,3 3,6 2 2,3 3" +
  ",e 2,1k 2,3 3,1u 12,f h,2d 3,5 4,h7 3,g 2,p 6,22 4,a 8,c 2,3 f,h f,h f,c 2,2 g,1f 10 5 1w,2f 9,14 2 6,1x b,u 1" +
  "e,t 3,4 c,17 5,p 1j,m a,1g 2b 2m,1a i,6 1k,t e,1 b,17 r,z 16,2 b,z 3,8 2p,3 2,5 2,1 a,5b 1t,7p 3,5 3,11 3,5 3," +
  "7 2 2 2 2,u 3,1g 2,6 2 4,2 2,6 4,3 3,5 5,c 6,2 2,6 39 e h,c 2u 5 3,9 2 3,5 7 2 2 2,f 3,3 6,4 5 i,14 22g,1a 2,1" +
  "a 2,3o 7,3 4,1 d,11 2 6 3,1j 8 h,m a,6 2,6 2,6 2,6 2,6 2,6 2,6 2,6 fb,2 q,8 8,4 3,4 5,2d 5,4 2,2h 2,3 6,14 4,2" +
  "l i,q 1i,f e9,52t 23,g5x 17,wc 1w,19 3,7g 4,f b,1 l,1a h,u 3,27 14,8 3,2u 3,z 2,7 1s,a 2,2 2,3 2,m u,1f f,1d 1" +
  "r,5 4 2 d,r b,m q,s 8,1a t h,4 2,9 b,4 2,14 o,2 2,7 l,m 4 4,1d 2 4,1 3,4 3 2 p,2 3,a 8,2 d,5 3,5 3,5 a,6 2,6 2" +
  ",16 2,9 b,36 u,8mb d,m 5,1c 6it,a5 3,2x 13,6 d,4 6 2,9 2,c 2,4 2 2,1 2,1 2,2z y,a2 j,1r 3,1h 15,b 39,4 2,3q 11" +
  ",p 7,p c,2g 4,5 3,5 3,5 3,2 10,b 2,p 2,i 2,1 2,e 3,d z,3e 1y,1g 7g,s 4,1c 1c,v h,q 6,11 b,t 3,z 5,7 2,4 17,4d " +
  "j,z 5,z 5,13 9,1f 4d,8m a,l b,7 49,5 3 2,17 2,1 4 3,m b,m a,u 1u,i 2,1 b,l b,p 1z,1j 7,1 1t g,3 2,2 2,q 19,s 4" +
  ",s 10,7 2,r s,1h b,l b,i e,h 33,20 1k,1e e,1e lt,1g 24,18 x,o r,z 16,y 4 d,1b f,3 m 2 10,h 2,o 2d,6 2 2,3 2,e " +
  "2,9 8,1a 13,7 3,1 3,l 2,6 2,1 2,4 4 j d,4 4f,1g j,3 1i,1b l,1 2 55,1a 16,3 11,1b l 1o,16 2e,p av,1r w ch,1k 7c" +
  ",8 2,10 i 1e,t oh,pl 2v,32 i,5f 24d,tq 34i,g6 6nu,fs 8,u 36,t j,1b h,3 w,k 6,i oh,1w c 1v,c 1t w,4q4 k,ky 7bi," +
  "1 2db,2y 6,c 4,8 8,9 4mf,2c 2,1y 2,1 3 3,1 3,3 2,b 2 2,6 2,1s 2,3 3,7 2,6 2,r 2,3 2,4 2 4,6 2,9f 3,o 2,o 2,u 2" +
  ",o 2,u 2,o 2,u 2,o 2,u 2,o 2,7 379,5g 1o,1v xp,3 2,q 2,1 2 3 2,9 2,3 2 2 7 5 2 2 2,2 2,1 2 3 2 2 2 2 2,1 2 3,3" +
  " 2,6 2,3 2,3 2 2,9 2,g 6,2 2,4 2,g 3et,wye 16,378 c,65 3,4g1 867,f1";

/** ID_Continue beyond ASCII, as of Unicode 9.0. */
export const ID_CONTINUE: string =
  "4q b 2 3 6,m 2,u 2,cp 5,b f,4 8 2 i,38 2,1 3,3 2 7,4 2 2,j 2,2a 2,3u 2,4 3,4l 2,11 3 8,12 a,18 2 2,1 2,1 2 9,q" +
  " 6,2 u,a 6,21 5,2t 2,7 3,9 2,i 3 h,1m 3,2s f,1h 5 6,19 j,r 1x,k 2,7 n,d 2,3k 3,9 2,i 2,7 3,1 3,l 2,6 2 4,3 3,8" +
  " 3,1 3,3 9 5,1 2,4 3,b g,2 2,5 5,1 3,l 2,6 2,1 2,1 2,1 3 2,4 5,1 3,2 4 8,3 2 8,f c,2 2,8 2,2 2,l 2,6 2,1 2,4 3" +
  ",9 2,2 2,2 3 g,3 3,9 a 8,2 2,7 3,1 3,l 2,6 2,1 2,4 3,8 3,1 3,2 9,1 5,1 2,4 3,9 2 h,1 2,5 4,2 2,3 4,1 2 2,1 4,1" +
  " 4,2 4,b 5,4 4,2 2,3 3 7 f,9 h,3 2,7 2,2 2,m 2,f 4,7 2,2 2,3 8,1 2,2 6,3 3,9 h,3 2,7 2,2 2,m 2,9 2,4 3,8 2,2 2" +
  ",3 8,1 8 2,3 3,9 2,1 f,2 2,7 2,2 2,14 3,7 2,2 2,4 6,3 8,4 3,9 b,5 3,1 2,h 4,n 2,8 2 3,6 4 5,5 2 2,7 7,9 3,1 e," +
  "1l 6,e 2,9 14,1 2 3,1 2 3 7,3 2,6 2,2 2 2 3,1 2,c 2,2 3,4 2 2,5 3,9 3,3 x o,1 7,9 c 2 2 5,9 2,z 5,j 2,h 2,z a " +
  "1m,21 7,25 3,11 2 6 3,16 2,98 2,3 3,6 2 2,3 3,14 2,3 3,w 2,3 3,6 2 2,3 3,e 2,1k 2,3 3,1u 3,2 a,8 f,f h,2d 3,5 " +
  "4,h7 3,g 2,p 6,22 4,a 8,c 2,6 c,k c,j d,c 2,2 2,1 d,2b 4 5,1 3,9 y,2 3,9 7,2f 9,16 6,1x b,u 2,b 5,b b,13 3,4 c" +
  ",17 5,p 7,a 12,r 5,1q 2,s 3,a 7,9 e 9,d 1v,23 5,9 i,8 d,37 d,1j 9,9 4,1c 3,8 20,2 2,y 2,1 7,6t 6,7u 3,5 3,11 3" +
  ",5 3,7 2 2 2 2,u 3,1g 2,6 2 4,2 2,6 4,3 3,5 5,c 6,2 2,6 1v,1 k t e h,c 1g,c 5 4,b i 5 3,9 2 3,5 7 2 2 2,f 3,3 " +
  "6,4 5 i,14 22g,1a 2,1a 2,3o 7,8 d,11 2 6 3,1j 8 g,n a,6 2,6 2,6 2,6 2,6 2,6 2,6 2,6 2,v ee,2 q,e 2,4 3,4 5,2d " +
  "3,6 2,2h 2,3 6,14 4,2l i,q 1i,f e9,52t 23,g5x 17,wc 1w,19 3,7g 4,r l,1b 5,9 2,36 12,8 3,2u 3,z 2,7 1s,1c p,1f " +
  "d,1x b,9 7,n 4 2 3,19 3,z d,s 4,1s f,a 7,u 2,1i a,d 3,9 7,m 4,20 p,2 3,f 3,4 b,5 3,5 3,5 a,6 2,6 2,16 2,9 b,3e" +
  " 2,1 3,9 7,8mb d,m 5,1c 6it,a5 3,2x 13,6 d,4 6,b 2,c 2,4 2 2,1 2,1 2,2z y,a2 j,1r 3,1h 15,b 5,f h,f 4,1 p,2 x," +
  "4 2,3q k,9 8,p 5 2,p c,2g 4,5 3,5 3,5 3,2 10,b 2,p 2,i 2,1 2,e 3,d z,3e 1y,1g 3t 3n,s 4,1c g w,v h,q 6,16 6,t " +
  "3,z 5,7 2,4 17,4d 3,9 7,z 5,z 5,13 9,1f 4d,8m a,l b,7 49,5 3 2,17 2,1 4 3,m b,m a,u 1u,i 2,1 b,l b,p 1z,1j 7,1" +
  " 1t,3 2,1 6,7 2,2 2,q 5,2 5 x,s 4,s 10,7 2,t q,1h b,l b,i e,h 33,20 1k,1e e,1e lq,1y w,9 g,1n m,o 8,9 7,1g 2,9" +
  " h,z 3 a,1w 5,3 4,a 2 10,h 2,10 7 1u,6 2 2,3 2,e 2,9 8,1m 6,9 7,3 2,7 3,1 3,l 2,6 2,1 2,4 3,8 3,1 3,2 3 7 6,6 " +
  "3,6 4,4 3w,22 6,9 13,1x 2 9,9 4n,1h 3,8 o,5 z,1s 4 c,9 13,1j 9,9 1j,p 4,e 5,9 9z,21 m ch,1k 7c,8 2,18 2,8 g,9 " +
  "p,t 3,l 2,d ne,pl 2v,32 i,5f 24d,tq 34i,g6 6nu,fs 8,u 2,9 2v,t 3,4 c,1i a,3 d,9 a,k 6,i oh,1w c,1a h,g 1t w,4q" +
  "4 k,ky 7bi,1 2db,2y 6,c 4,8 8,9 4,1 43r,4 4,5 9,7 3,6 v,3 45,2 cc,2c 2,1y 2,1 3 3,1 3,3 2,b 2 2,6 2,1s 2,3 3,7" +
  " 2,6 2,r 2,3 2,4 2 4,6 2,9f 3,o 2,o 2,u 2,o 2,u 2,o 2,u 2,o 2,u 2,o 2,7 3,1d e9,1i 5,1d 9 f n,4 2,e 11t,6 2,g " +
  "3,6 2,1 2,4 1jq,5g c,6 16,22 6,9 x3,3 2,q 2,1 2 3 2,9 2,3 2 2 7 5 2 2 2,2 2,1 2 3 2 2 2 2 2,1 2 3,3 2,6 2,3 2," +
  "3 2 2,9 2,g 6,2 2,4 2,g 3et,wye 16,378 c,65 3,4g1 867,f1 fhlv,6n";
